import { WorkerEntrypoint } from "cloudflare:workers";

export default class ApiMom extends WorkerEntrypoint<Env> {
  async fetch(request: Request) { const { env } = this; return Response.json([env.NAME, env.OTHER, request.method]); }
}
