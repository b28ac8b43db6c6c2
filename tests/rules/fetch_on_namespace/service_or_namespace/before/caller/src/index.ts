import { DurableObject } from "cloudflare:workers";

export class Room extends DurableObject {
  async fetch(): Promise<Response> {
    return new Response("room");
  }
}

interface Env {
  AUTH: Fetcher;
  ROOMS: any;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const target = "get" in env.ROOMS ? env.AUTH : env.ROOMS;
    return target.fetch("https://auth/");
  },
};
