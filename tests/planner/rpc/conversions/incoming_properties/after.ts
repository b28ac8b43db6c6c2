import { WorkerEntrypoint } from "cloudflare:workers";

export default class ApiMom extends WorkerEntrypoint<Env> {
  async fetch(request: Request<unknown, IncomingRequestCfProperties>) {
    const country: string = request.cf?.country ?? "nowhere";
    return new Response(country + this.env.NAME);
  }
}
