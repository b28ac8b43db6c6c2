import { WorkerEntrypoint } from "cloudflare:workers";

class Base extends WorkerEntrypoint {
  fetch(request, env) {
    return env.API.fetch(request);
  }
}

export default class Site extends Base {
  fetch(request) {
    return super.fetch(request, this.env);
  }
}
