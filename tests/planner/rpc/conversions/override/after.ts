import { Hono } from "hono";
import { WorkerEntrypoint } from "cloudflare:workers";

const app = new Hono<{ Bindings: Env }>();

class ApiMom extends WorkerEntrypoint<Env> {
  override fetch(request: Request) {
    return app.fetch(request, this.env, this.ctx);
  }

  override async queue(batch: MessageBatch) {
    this.#count(batch.messages.length + this.env.NAME.length);
  }
  override async scheduled() {}
  #count(messages: number) {
    console.log(messages);
  }
}

app.get("/", (c) => c.text(c.env.NAME));

export default ApiMom;
