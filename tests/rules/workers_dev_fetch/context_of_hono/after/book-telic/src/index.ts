import { Hono, type Context } from "hono";

const app = new Hono<{ Bindings: { TITLE: string; API_MOM: Fetcher } }>();

const blurbs = (c: Context<{ Bindings: { TITLE: string; API_MOM: Fetcher } }>) => c.env.API_MOM.fetch("https://api-mom.example.workers.dev/v1/blurbs");

async function all(c: Context<{ Bindings: { TITLE: string; API_MOM: Fetcher } }>) {
  return blurbs(c);
}

app.get("/blurbs", blurbs);
app.get("/all", all);
app.get("/shelf", async ({ env, req }) => env.API_MOM.fetch("https://api-mom.example.workers.dev/v1/shelf"));

export default app;
