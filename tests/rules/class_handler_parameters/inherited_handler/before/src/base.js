import { WorkerEntrypoint } from "cloudflare:workers";

export class Base extends WorkerEntrypoint {
  async fetch(request, env) {
    return env.API.fetch(request);
  }
}
