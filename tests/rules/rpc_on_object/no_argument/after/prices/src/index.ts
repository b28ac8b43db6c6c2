import { WorkerEntrypoint } from "cloudflare:workers";

export default class Prices extends WorkerEntrypoint {
  async fetch(): Promise<Response> {
    return new Response("prices");
  }

  total(): string {
    return "nothing";
  }
}
