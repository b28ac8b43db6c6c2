import { DurableObject } from "cloudflare:workers";

export class Lobby extends DurableObject {
  async fetch(): Promise<Response> {
    return new Response("room");
  }
}

export default {
  async fetch(): Promise<Response> {
    return new Response("other");
  },
};
