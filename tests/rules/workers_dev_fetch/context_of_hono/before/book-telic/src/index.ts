import { Hono, type Context } from "hono";

const app = new Hono<{ Bindings: { TITLE: string } }>();

const blurbs = (c: Context<{ Bindings: { TITLE: string } }>) => fetch("https://api-mom.example.workers.dev/v1/blurbs");

async function all(c: Context<{ Bindings: { TITLE: string } }>) {
  return blurbs(c);
}

app.get("/blurbs", blurbs);
app.get("/all", all);
app.get("/shelf", async ({ env, req }) => fetch("https://api-mom.example.workers.dev/v1/shelf"));

export default app;
