import { DurableObject } from "cloudflare:workers";

export class Room extends DurableObject {
  async fetch(): Promise<Response> {
    return new Response("room");
  }
}

interface Env {
  ROOMS: any;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return env.ROOMS.fetch("https://rooms/");
  },
};
