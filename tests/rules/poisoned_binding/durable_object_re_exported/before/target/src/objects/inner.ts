import { DurableObject } from "cloudflare:workers";

export class Inner extends DurableObject {
  async fetch(): Promise<Response> {
    return new Response("counted");
  }
}
