import { Hono } from "hono";
import { WorkerEntrypoint } from "cloudflare:workers";

const app = new Hono<{ Bindings: Env }>();

app.get("/name", (c) => c.text(c.env.NAME));
app.post("/echo", async (c) => {
  c.executionCtx.waitUntil(Promise.resolve());
  return c.text(await c.req.text());
});

export default class ApiMom extends WorkerEntrypoint<Env> {
  fetch(request: Request) {
    return app.fetch(request, this.env, this.ctx);
  }
}
