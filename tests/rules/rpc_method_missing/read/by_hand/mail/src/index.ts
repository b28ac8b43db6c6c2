import { WorkerEntrypoint } from "cloudflare:workers";

export default class Mail extends WorkerEntrypoint {
  async fetch(): Promise<Response> {
    return new Response("mail");
  }

  get version(): string {
    return "1";
  }
}
