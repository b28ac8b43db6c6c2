import { WorkerEntrypoint } from "cloudflare:workers";

export default class ApiMom extends WorkerEntrypoint {
  async fetch(request) {
    return new Response(this.env.NAME);
  }
}
