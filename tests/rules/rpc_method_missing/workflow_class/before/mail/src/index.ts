import { WorkflowEntrypoint } from "cloudflare:workers";

export class Flow extends WorkflowEntrypoint {
  async run(): Promise<void> {}

  async send(text: string): Promise<string> {
    return `sent ${text}`;
  }
}

export default {
  async fetch(): Promise<Response> {
    return new Response("mail");
  },

  async send(text: string): Promise<string> {
    return `sent ${text}`;
  },
};
