import { WorkerEntrypoint } from "cloudflare:workers";

export default class Mail extends WorkerEntrypoint {
  async fetch(): Promise<Response> {
    return new Response("mail");
  }

  async _send(text: string): Promise<string> {
    return `sent ${text}`;
  }
}
