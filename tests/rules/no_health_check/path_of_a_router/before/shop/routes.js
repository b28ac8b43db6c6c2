import { Hono } from "hono";

export const routes = new Hono().get("/healthz", (c) => c.text("ok"));
