import * as cf from "cloudflare:workers";

export class Admin extends cf.WorkerEntrypoint {
  ping() {
    return "pong";
  }
}

export default {
  async fetch(): Promise<Response> {
    return new Response("target");
  },
};
