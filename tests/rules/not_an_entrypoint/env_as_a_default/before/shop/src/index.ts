export default class Shop {
  async fetch(request: Request, env = {}): Promise<Response> {
    return new Response("shop");
  }
}
