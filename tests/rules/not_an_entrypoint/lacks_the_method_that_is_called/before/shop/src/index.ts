export default class Shop {
  async fetch(request: Request): Promise<Response> {
    return new Response("shop");
  }
}
