import { WorkerEntrypoint } from "cloudflare:workers";

export default class ApiMom extends WorkerEntrypoint<Env> {
  async fetch(request: Request) {
    const nested = [1].map((n) => ((text = `${this.env?.NAME}`) => ({ n, text }))());
    return Response.json([nested, request.method, typeof this.ctx]);
  }
}
