import { DurableObject } from "cloudflare:workers";

export class Room extends DurableObject {
  async fetch(): Promise<Response> {
    return new Response("room");
  }
}

interface Env {
  ROOMS: DurableObjectNamespace;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    if (typeof env.ROOMS.fetch === "function") return env.ROOMS.fetch(request);
    return new Response("none");
  },
};
