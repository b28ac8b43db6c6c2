import { WorkerEntrypoint } from "cloudflare:workers";

export default class Shop extends WorkerEntrypoint {
  override async fetch(request: Request): Promise<Response> {
    return new Response("shop");
  }
}
