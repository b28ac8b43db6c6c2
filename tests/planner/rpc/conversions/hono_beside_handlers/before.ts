import { Hono } from "hono";

type Bindings = { Bindings: Env };

const app = new Hono<Bindings>();
let ran = "";

app.get("/", (c) => c.text(c.env.NAME + ran));

export default {
  fetch: app.fetch,
  async scheduled(controller: ScheduledController, env: Env) {
    ran = controller.cron + env.OTHER;
  },
};
