import { Hono } from "hono";

const app = new Hono<{ Bindings: { API_MOM: Fetcher } }>();

app.get("/blurbs", (c) => c.env.API_MOM.fetch("https://api-mom.example.workers.dev/v1/blurbs"));
app.get("/raw", ({ req, env }) => env.API_MOM.fetch("https://api-mom.example.workers.dev/v1/raw", { headers: req.header() }));

export default {
  async fetch(request, env, ctx) {
    return request.method === "GET" ? app.fetch(request) : env.API_MOM.fetch("https://api-mom.example.workers.dev/v1/other", request);
  },
} satisfies ExportedHandler<{ API_MOM: Fetcher }>;
