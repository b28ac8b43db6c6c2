import { WorkerEntrypoint } from "cloudflare:workers";

class Other {}

/* The Worker itself. */
class ApiMom extends WorkerEntrypoint<Env> {
  fetch() {
    return new Response("ok");
  }
}

export { ApiMom as default, Other, ApiMom as worker };
