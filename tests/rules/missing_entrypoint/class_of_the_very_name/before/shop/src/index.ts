import { WorkerEntrypoint } from "cloudflare:workers";

export class Plain {
  ping() {
    return "pong";
  }
}

export class Plains extends WorkerEntrypoint {}

export class Admin extends WorkerEntrypoint {}

export default {
  async fetch(): Promise<Response> {
    return new Response("shop");
  },
};
