class Base {
  async fetch(): Promise<Response> {
    return new Response("shop");
  }
}

export default class Shop extends Base {}
