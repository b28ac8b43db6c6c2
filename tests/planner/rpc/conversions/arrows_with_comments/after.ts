import { WorkerEntrypoint } from "cloudflare:workers";

export default class ApiMom extends WorkerEntrypoint<Env> {
  fetch(
    request: Request, // who asks
  ) {
    // What they get.
    return Response.json({
      url: request.url,
      name: this.env.NAME,
    });
  }
}
