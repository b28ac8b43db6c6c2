import { Hono } from "hono";

const app = new Hono();
app.get("/", (context) => context.text("home"));

export const Bound = app;

export default {
  fetch: app.fetch,
  scheduled() {
    console.log("no answer is asked for");
  },
};
