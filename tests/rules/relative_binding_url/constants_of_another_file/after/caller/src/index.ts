import { Hono } from "hono";
import { ROUTES, USERS } from "./routes";

const app = new Hono<{ Bindings: { API: Fetcher } }>();

app.get("/users", (c) => c.env.API.fetch(`https://api${USERS}`));
app.get("/orders/:id", (c) => c.env.API.fetch("https://api" + ROUTES.orders + c.req.param("id")));
app.get("/health", (c) => c.env.API.fetch(`https://api${ROUTES.health}`));

export default app;
