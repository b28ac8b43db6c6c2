import { WorkerEntrypoint } from "cloudflare:workers";

export default class Site extends WorkerEntrypoint<Env> {
  override async fetch(
    request: Request,
    // bindings
  ): Promise<Response> { const { env } = this; return send(env, await env.API.fetch(request)); }
}

const send = (env: Env, response: Response) => response;
