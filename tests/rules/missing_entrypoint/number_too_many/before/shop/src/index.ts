import { WorkerEntrypoint } from "cloudflare:workers";

export class WorkerEntrypoint2 extends WorkerEntrypoint {
  async fetch(): Promise<Response> {
    return new Response("admin");
  }
}

export default {
  async fetch(): Promise<Response> {
    return new Response("shop");
  },
};
