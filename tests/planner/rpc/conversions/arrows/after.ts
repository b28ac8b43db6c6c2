import { WorkerEntrypoint } from "cloudflare:workers";

let runs = 0;

export default class ApiMom extends WorkerEntrypoint<Env> {
  async fetch(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    return pathname === "/name" ? new Response(this.env.NAME) : new Response(String(runs));
  }
  // Counts.
  scheduled(_controller: ScheduledController) {
    return this.ctx.waitUntil(
      Promise.resolve().then(() => {
        runs += this.env.NAME.length;
      }),
    );
  }

  async queue(batch: MessageBatch) {
    return void (runs += batch.messages.length);
  } // one each
}
