import { Hono } from "hono";

const app = new Hono();
app.get("/orders-health", (c) => c.env.ORDERS.fetch(c.req.raw));

export default app;
