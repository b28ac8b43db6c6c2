import { Router } from "itty-router";

const router = Router();
const blurbs = (request, env) => fetch("https://api-mom.example.workers.dev/v1/blurbs");

router.get("/blurbs", blurbs);

export default { fetch: (request, env) => router.fetch(request, env) };
