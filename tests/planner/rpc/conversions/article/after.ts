import { DurableObject, WorkerEntrypoint } from "cloudflare:workers";

export class RunnerDO extends DurableObject<Env> {}

let lastRun = "never";

// What the rest of the world sees.
export default class ApiMom extends WorkerEntrypoint<Env> {
  async fetch(request: Request): Promise<Response> {
    const { env } = this;
    const url = new URL(request.url);
    this.ctx.waitUntil(Promise.resolve());
    if (url.pathname === "/name") {
      return Response.json({ name: env.NAME, other: env.OTHER });
    }
    return Response.json({ lastRun });
  }

  async scheduled(event: ScheduledController): Promise<void> {
    lastRun = `${event.cron} ${this.env.NAME}`;
  }
}
