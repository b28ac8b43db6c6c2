import { WorkerEntrypoint } from "cloudflare:workers";

export default class ApiMom extends WorkerEntrypoint {
  /** @param {Request} request */
  async fetch(request) {
    this.ctx.waitUntil(Promise.resolve());
    return new Response(this.env.NAME + request.method);
  }

  async scheduled(controller) {}
}
