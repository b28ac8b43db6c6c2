import { Hono } from "hono";

const app = new Hono();

app.get("/blurbs", (c) => fetch("https://api-mom.example.workers.dev/v1/blurbs"));
app.get("/raw", ({ req }) => fetch("https://api-mom.example.workers.dev/v1/raw", { headers: req.header() }));

export default {
  async fetch(request, env, ctx) {
    return request.method === "GET" ? app.fetch(request) : fetch("https://api-mom.example.workers.dev/v1/other", request);
  },
} satisfies ExportedHandler;
