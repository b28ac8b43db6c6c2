import { DurableObject } from "cloudflare:workers";

export class Room extends DurableObject<Env> {
  async fetch(request: Request) {
    return this.env.TARGET.fetch(request);
  }
}

export default {
  fetch: () => new Response("caller"),
};
