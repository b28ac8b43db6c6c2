import { WorkerEntrypoint } from "cloudflare:workers";

export abstract class Service extends WorkerEntrypoint {
  async fetch() {
    return new Response("target");
  }
}
