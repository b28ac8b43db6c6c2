import { WorkerEntrypoint } from "cloudflare:workers";

export default class ApiMom extends WorkerEntrypoint {
  /**
   * Answers.
   * @param {Request} request
   * @param {Env} env - all of
   *   the bindings
   * @returns {Promise<Response>}
   */
  async fetch(request) {
    this.ctx.waitUntil(Promise.resolve());
    return new Response(this.env.NAME + request.method);
  }

  /**
   * @param {ScheduledController} controller
   */
  async scheduled(controller) {}
}
