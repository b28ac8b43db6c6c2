import { DurableObject } from "cloudflare:workers";

export default class Room extends DurableObject {
  async fetch(): Promise<Response> {
    return new Response("room");
  }
}
