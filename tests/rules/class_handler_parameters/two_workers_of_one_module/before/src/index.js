import { WorkerEntrypoint } from "cloudflare:workers";

export default class extends WorkerEntrypoint {
  fetch(request, env) {
    return new Response(env.NAME);
  }
}
