import { DurableObject } from "cloudflare:workers";

export default class Shop extends DurableObject {
  async fetch(request: Request): Promise<Response> {
    return new Response("shop");
  }
}
