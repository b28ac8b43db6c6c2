import { WorkerEntrypoint } from "cloudflare:workers";

export default class Site extends WorkerEntrypoint<Env> {
  override async fetch(
    request: Request,
    env: Env, // bindings
    _ctx: ExecutionContext,
  ): Promise<Response> { return send(env, await env.API.fetch(request)); }
}

const send = (env: Env, response: Response) => response;
