import { WorkflowEntrypoint } from "cloudflare:workers";

export class Flow extends WorkflowEntrypoint {
  async run(): Promise<void> {}

  async fetch(): Promise<Response> {
    return new Response("admin");
  }
}

export default {
  async fetch(): Promise<Response> {
    return new Response("shop");
  },
};
