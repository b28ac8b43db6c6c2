import { Hono } from "hono";

const app = new Hono();
app.get("/orders", (c) => c.text("none"));

export default app;
