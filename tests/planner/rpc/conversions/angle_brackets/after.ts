import { WorkerEntrypoint } from "cloudflare:workers";

export default class ApiMom extends WorkerEntrypoint<Env> {
  async fetch(request: Request) {
    const { NAME, LIMITS: { a } } = this.env;
    return new Response(`${request.url} ${NAME} ${a}`);
  }
}
