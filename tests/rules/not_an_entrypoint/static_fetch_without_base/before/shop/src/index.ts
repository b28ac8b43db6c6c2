export default class Shop {
  static async fetch(request: Request): Promise<Response> {
    return new Response("shop");
  }
}
