import { WorkerEntrypoint } from "cloudflare:workers";

export class Admin extends WorkerEntrypoint {
  list(): string {
    return "shoes";
  }
}

export default {
  async fetch(): Promise<Response> {
    return new Response("shop");
  },
};
