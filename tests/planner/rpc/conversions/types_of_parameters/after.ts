import { WorkerEntrypoint } from "cloudflare:workers";

export default class ApiMom extends WorkerEntrypoint<Env> {
  async fetch(request: Request): Promise<Response> {
    const { env } = this;
    const name: typeof env.NAME = "typed";
    return new Response(name + request.method);
  }
}
