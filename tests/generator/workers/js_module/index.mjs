import { WorkerEntrypoint } from "cloudflare:workers";
import { ANSWER } from "./answer.mjs";

export default class extends WorkerEntrypoint {
  async fetch(request) { return new URL(request.url).pathname === "/" ? new Response(ANSWER) : this.env.API.fetch(request); }
}
