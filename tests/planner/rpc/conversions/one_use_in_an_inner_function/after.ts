import { WorkerEntrypoint } from "cloudflare:workers";

export default class ApiMom extends WorkerEntrypoint<Env> {
  async fetch(request: Request) {
    const { env } = this;
    const later = function () {
      return env.NAME;
    };
    return new Response(later() + request.method);
  }
  async scheduled(_controller: ScheduledController) {
    const later = () => this.env.NAME;
    setTimeout(() => later());
  }
}
