import { WorkflowEntrypoint } from "cloudflare:workers";

export default class Shop extends WorkflowEntrypoint {
  async fetch(request: Request): Promise<Response> {
    return new Response("shop");
  }
}
