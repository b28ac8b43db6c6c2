import { WorkerEntrypoint } from "cloudflare:workers";

class Base extends WorkerEntrypoint {
  async send(text: string): Promise<string> {
    return `sent ${text}`;
  }
}

export default class Mail extends Base {
  async fetch(): Promise<Response> {
    return new Response("mail");
  }

  send = undefined;
}
