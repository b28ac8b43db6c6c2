import { WorkerEntrypoint } from "cloudflare:workers";

export default class ApiMom extends WorkerEntrypoint<Env> {
  async fetch(request: Request) {
    const { ctx } = this;
    let { env } = this;
    if (request.method === "POST") env = { ...env, NAME: "posted" };
    ctx.waitUntil(Promise.resolve());
    ctx.passThroughOnException();
    return Response.json(env);
  }
}
