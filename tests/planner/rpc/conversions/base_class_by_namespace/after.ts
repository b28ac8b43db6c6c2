import * as runtime from "cloudflare:workers";

export class Store extends runtime.DurableObject<Env> {}

export default class ApiMom extends runtime.WorkerEntrypoint {
  fetch() {
    return new Response("ok");
  }
}
