import { Hono } from "hono";

const app = new Hono<{ Bindings: Env }>();

const worker = {
  fetch: app.fetch,
  async queue(batch: MessageBatch, env: Env) {
    this.count(batch.messages.length + env.NAME.length);
  },
  scheduled: async () => {},
  count(messages: number) {
    console.log(messages);
  },
};

app.get("/", (c) => c.text(c.env.NAME));

export default worker;
