import { WorkerEntrypoint } from "cloudflare:workers";

export class Admin extends WorkerEntrypoint {
  async fetch(): Promise<Response> {
    return new Response("admin");
  }
}
