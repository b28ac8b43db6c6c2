import { WorkerEntrypoint } from "cloudflare:workers";

export default class extends WorkerEntrypoint<Env> {
  async fetch(request: Request, env: Env): Promise<Response> {
    return env.API.fetch(request);
  }
}
