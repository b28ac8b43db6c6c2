import { DurableObject } from "cloudflare:workers";

interface Env {
  ROOM: any;
}

export class Room extends DurableObject {}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return new Response(await env.ROOM.get(env.ROOM.idFromName("a")).send("hello"));
  },
};
