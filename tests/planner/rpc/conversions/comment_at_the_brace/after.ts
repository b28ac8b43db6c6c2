import { WorkerEntrypoint } from "cloudflare:workers";

export default class ApiMom extends WorkerEntrypoint<Env> {
  async fetch(request: Request) { // handles
    const { env } = this;
    // everything
    return Response.json([env.NAME, env.OTHER, request.method]);
  }
}
