import { WorkerEntrypoint } from "cloudflare:workers";

export default class ApiMom extends WorkerEntrypoint<Env> {
  async fetch(request: Request): Promise<Response> {
    return new Response(request.method);
  }
  async scheduled() {}
}
