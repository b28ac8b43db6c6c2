import { Hono } from "hono";
import { logger } from "hono/logger";

export type Bindings = {
  API: Fetcher;
  "my-binding": Fetcher;
  ADMIN: { purge(): Promise<string> };
  ROOMS: DurableObjectNamespace;
};

const app = new Hono<{ Bindings: Bindings }>();

app.use("*", logger(() => {}));

app.get("/", (c) => c.text("caller"));
app.all("*", (c) => c.env.API.fetch(c.req.raw));

export default app;
