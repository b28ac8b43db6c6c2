import { WorkerEntrypoint } from "cloudflare:workers";

export default class ApiMom extends WorkerEntrypoint<Env> {
  fetch(request: Request) {
    return new Response(request.url + this.env.NAME);
  }
}
