import { WorkerEntrypoint } from "cloudflare:workers";

export class Base extends WorkerEntrypoint {
  async fetch(request) {
    return this.env.API.fetch(request);
  }
}
