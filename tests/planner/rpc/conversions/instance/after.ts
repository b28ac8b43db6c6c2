import { WorkerEntrypoint } from "cloudflare:workers";

class Router {
  #asked = 0;

  async fetch(request: Request, env: Env): Promise<Response> {
    this.#asked += 1;
    return new Response(`${this.#asked} ${request.method} ${env.NAME}`);
  }

  scheduled() {
    this.#asked = 100;
  }
}

const router = new Router();

export default class ApiMom extends WorkerEntrypoint<Env> {
  fetch(request: Request) {
    return router.fetch(request, this.env);
  }

  scheduled() {
    return router.scheduled();
  }
}
