import { WorkerEntrypoint } from "cloudflare:workers";

class ApiMom extends WorkerEntrypoint<Env> {
  async fetch(request: Request): Promise<Response> {
    return new Response(this.env.NAME + request.method);
  }
}

export default ApiMom;
