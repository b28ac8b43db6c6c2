import { DurableObject } from "cloudflare:workers";

export class Room extends DurableObject {
  async fetch(): Promise<Response> {
    return new Response("room");
  }
}

export default {
  async fetch(): Promise<Response> {
    return new Response("rooms");
  },
};
