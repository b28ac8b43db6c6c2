import { WorkerEntrypoint } from "cloudflare:workers";

class ApiMom extends WorkerEntrypoint<Env> {
  fetch(_request: Request) {
    return new Response(this.env.NAME);
  }
}

export default ApiMom;
