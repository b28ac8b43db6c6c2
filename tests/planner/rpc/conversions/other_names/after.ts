import { WorkerEntrypoint } from "cloudflare:workers";

export default class ApiMom extends WorkerEntrypoint<Env> {
  async fetch(_req: Request): Promise<Response> {
    const workerEnv = this.env;
    const execCtx = this.ctx;
    execCtx.waitUntil(Promise.resolve(workerEnv.OTHER));
    execCtx.passThroughOnException();
    return new Response(workerEnv.NAME);
  }
}
