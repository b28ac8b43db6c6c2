import { Router } from "itty-router";

const router = Router();
router.get("/", () => new Response("home"));

export default {
  fetch(request, env, ctx) {
    router.handle(request, env, ctx);
  },
};
