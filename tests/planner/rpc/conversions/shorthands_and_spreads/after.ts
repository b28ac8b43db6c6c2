import { WorkerEntrypoint } from "cloudflare:workers";

function respond({ env, request }: { env: Env; request: Request }): Response {
  return Response.json({ ...env, url: request.url });
}

export default class ApiMom extends WorkerEntrypoint<Env> {
  async fetch(request: Request) {
    return respond({ request, env: this.env });
  }
  async scheduled(_controller: ScheduledController) {
    await Promise.all([{ ...this.env }, { ctx: this.ctx }]);
  }
}
