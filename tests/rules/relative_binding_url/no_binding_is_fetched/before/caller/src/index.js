import { Hono } from "hono";

const client = { fetch: (path) => new Response(`fetched ${path}`) };
const app = new Hono();
app.get("/users", (c) => c.text("users"));

export default {
  async fetch(request, env) {
    if (request.url.endsWith("/app")) return app.request("/users");
    if (request.url.endsWith("/global")) return fetch("/users");
    return client.fetch("/users");
  },
};
