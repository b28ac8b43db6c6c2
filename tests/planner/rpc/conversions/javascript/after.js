import { WorkerEntrypoint } from "cloudflare:workers";

/** @extends {WorkerEntrypoint<Env>} */
export default class ApiMom extends WorkerEntrypoint {
  async fetch(request) {
    this.ctx.waitUntil(Promise.resolve());
    return new Response(this.env.NAME + request.method);
  }
}
