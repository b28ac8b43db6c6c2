import { DurableObject, WorkerEntrypoint } from "cloudflare:workers";

export class Counter extends DurableObject {
  async fetch(): Promise<Response> {
    return new Response("counted");
  }
}

export default class Target extends WorkerEntrypoint {
  async fetch(): Promise<Response> {
    return new Response("target");
  }
}
