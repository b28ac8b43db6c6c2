import { WorkerEntrypoint } from "cloudflare:workers";

class Base extends WorkerEntrypoint {
  async fetch(request) {
    return this.env.API.fetch(request);
  }
}

export default class Site extends Base {
  async fetch(request, env, ctx) {
    return super.fetch(request, env, ctx);
  }

  async scheduled(controller, env) {
    await this.env.API.fetch("https://api/");
  }
}
