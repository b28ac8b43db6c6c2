import { WorkerEntrypoint as Entrypoint } from "cloudflare:workers";

export class Admin extends Entrypoint<Env> {}

export default {
  fetch(_request: Request, env: Env) {
    return new Response(env.NAME);
  },
};
