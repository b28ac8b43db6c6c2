import { WorkerEntrypoint } from "cloudflare:workers";

export class Admin extends WorkerEntrypoint {}

export default class extends WorkerEntrypoint {
  async fetch(request: Request): Promise<Response> {
    return new Response(`api-mom was asked for ${new URL(request.url).pathname}`);
  }
}
