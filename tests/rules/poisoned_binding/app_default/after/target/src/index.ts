import { Hono } from "hono";
import { DurableObject } from "cloudflare:workers";

export class Counter extends DurableObject {
  async fetch(): Promise<Response> {
    return new Response("counted");
  }
}

const app = new Hono();
app.get("/", (c) => c.text("target"));
export default app;
