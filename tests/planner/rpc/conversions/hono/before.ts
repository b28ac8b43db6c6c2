import { Hono } from "hono";

const app = new Hono<{ Bindings: Env }>();

app.get("/name", (c) => c.text(c.env.NAME));
app.post("/echo", async (c) => {
  c.executionCtx.waitUntil(Promise.resolve());
  return c.text(await c.req.text());
});

export default app;
