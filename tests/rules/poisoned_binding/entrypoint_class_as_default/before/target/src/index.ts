import { WorkerEntrypoint } from "cloudflare:workers";
import { DurableObject } from "cloudflare:workers";

export class Counter extends DurableObject {
  async fetch(): Promise<Response> {
    return new Response("counted");
  }
}

export default class extends WorkerEntrypoint {
  async fetch() {
    return new Response("target");
  }
}
