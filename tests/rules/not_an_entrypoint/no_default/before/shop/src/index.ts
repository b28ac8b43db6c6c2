import { WorkerEntrypoint } from "cloudflare:workers";

export class Shop extends WorkerEntrypoint {
  async fetch(request: Request): Promise<Response> {
    return new Response("shop");
  }
}
