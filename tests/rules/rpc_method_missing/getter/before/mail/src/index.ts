import { WorkerEntrypoint } from "cloudflare:workers";

export default class Mail extends WorkerEntrypoint {
  async fetch(): Promise<Response> {
    return new Response("mail");
  }

  get send() {
    return async (text: string): Promise<string> => `sent ${text}`;
  }
}
