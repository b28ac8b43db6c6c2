export default class Shop {
  env = "shop";

  async fetch(request: Request): Promise<Response> {
    return new Response("shop");
  }
}
