import { DurableObject } from "cloudflare:workers";

export class RunnerDO extends DurableObject<Env> {}

let lastRun = "never";

// What the rest of the world sees.
export default {
  async fetch(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
    const url = new URL(request.url);
    ctx.waitUntil(Promise.resolve());
    if (url.pathname === "/name") {
      return Response.json({ name: env.NAME, other: env.OTHER });
    }
    return Response.json({ lastRun });
  },

  async scheduled(event: ScheduledController, env: Env, ctx: ExecutionContext): Promise<void> {
    lastRun = `${event.cron} ${env.NAME}`;
  },
};
