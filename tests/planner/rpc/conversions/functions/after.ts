import { WorkerEntrypoint } from "cloudflare:workers";

let last: unknown = null;

export default class ApiMom extends WorkerEntrypoint<Env> {
  async fetch(request: Request) {
    return Response.json({ method: request.method, name: this.env.NAME, last });
  }
  async queue<Body>(batch: MessageBatch<Body>): Promise<void> {
    last = [batch.queue, this.env.OTHER];
  }
  scheduled() {
    last = "scheduled";
  }
}
