import { Hono } from "hono";

const app = new Hono<{ Bindings: Env }>();

app.get("/name", (c) => c.text(c.env.NAME));

export default {
  fetch: app.fetch.bind(app),
} satisfies ExportedHandler<Env>;
