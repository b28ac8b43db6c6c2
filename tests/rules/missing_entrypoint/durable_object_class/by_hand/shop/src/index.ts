import { DurableObject } from "cloudflare:workers";

export class Counter extends DurableObject {
  async fetch(): Promise<Response> {
    return new Response("counter");
  }
}

export default {
  async fetch(): Promise<Response> {
    return new Response("shop");
  },
};
