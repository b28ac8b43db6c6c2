import { WorkerEntrypoint } from "cloudflare:workers";
import { Hono } from "hono";

const app = new Hono();
app.get("/", (c) => c.env.API.fetch("https://api/"));

export default class Site extends WorkerEntrypoint {
  fetch(request) {
    return app.fetch(request, this.env, this.ctx);
  }
}
