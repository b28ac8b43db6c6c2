import { WorkerEntrypoint } from "cloudflare:workers";

export class Base extends WorkerEntrypoint {
  async send(text: string): Promise<string> {
    return `sent ${text}`;
  }
}
