// @ts-check

import { WorkerEntrypoint } from "cloudflare:workers";

/** @extends {WorkerEntrypoint<Env>} */
export default class ApiMom extends WorkerEntrypoint {
  fetch(/** @type {Request} */ request) {
    return new Response(request.method);
  }
}
