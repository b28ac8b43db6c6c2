import { Hono } from "hono";
import { WorkerEntrypoint } from "cloudflare:workers";

type Bindings = { Bindings: Env };

const app = new Hono<Bindings>();
let ran = "";

app.get("/", (c) => c.text(c.env.NAME + ran));

export default class ApiMom extends WorkerEntrypoint<Env> {
  fetch(request: Request) {
    return app.fetch(request, this.env, this.ctx);
  }

  async scheduled(controller: ScheduledController) {
    ran = controller.cron + this.env.OTHER;
  }
}
