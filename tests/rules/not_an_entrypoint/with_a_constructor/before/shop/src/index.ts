export default class Shop {
  private name: string;

  constructor() {
    this.name = "shop";
  }

  async fetch(request: Request): Promise<Response> {
    return new Response("shop");
  }
}
