import { Hono } from "hono";

type Bindings = {
  TITLE: string;
  API_MOM: Fetcher;
};

const app = new Hono<{ Bindings: Bindings }>();

app.get("/title", (c) => c.text(c.env.TITLE));
app.get("/blurbs", async (c) => {
  const blurbs = await c.env.API_MOM.fetch("https://api-mom.example.workers.dev/v1/blurbs");
  return c.text(await blurbs.text());
});
app.post("/blurbs", async (c) => {
  const title = c.env.TITLE;
  return c.env.API_MOM.fetch("https://api-mom.example.workers.dev/v1/blurbs", { method: "POST", body: title });
});

export default app;
