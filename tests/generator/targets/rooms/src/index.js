import { DurableObject } from "cloudflare:workers";

export class Room extends DurableObject {}

export default {
  async fetch() {
    return new Response("rooms");
  },
};
