import { WorkerEntrypoint } from "cloudflare:workers";

class Base extends WorkerEntrypoint {
  async fetch(): Promise<Response> {
    return new Response("shop");
  }
}

export default class Shop extends Base {}
