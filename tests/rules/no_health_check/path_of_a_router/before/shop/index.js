import { Hono } from "hono";
import { routes } from "./routes.js";

const app = new Hono();
app.route("/", routes);
app.get("/orders", (c) => c.env.ORDERS.fetch(c.req.raw));

export default app;
