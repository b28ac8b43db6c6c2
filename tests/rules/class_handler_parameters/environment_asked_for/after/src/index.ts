import { WorkerEntrypoint } from "cloudflare:workers";

export default class extends WorkerEntrypoint<Env> {
  async fetch(request: Request): Promise<Response> {
    return this.env.API.fetch(request);
  }
}
