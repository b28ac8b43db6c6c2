import { WorkerEntrypoint as Entrypoint } from "cloudflare:workers";

export class Admin extends Entrypoint<Env> {}

export default class ApiMom extends Entrypoint<Env> {
  fetch(_request: Request) {
    return new Response(this.env.NAME);
  }
}
