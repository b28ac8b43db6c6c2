import { WorkerEntrypoint } from "cloudflare:workers";
import { Hono } from "hono";

const app = new Hono();
app.get("/", (c) => c.env.API.fetch("https://api/"));

export default class Site extends WorkerEntrypoint {
  fetch(request, env, ctx) {
    return app.fetch(request, env, ctx);
  }
}
