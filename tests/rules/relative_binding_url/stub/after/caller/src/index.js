import { DurableObject } from "cloudflare:workers";

export class Room extends DurableObject {
  async fetch(request) {
    return new Response(`room ${request.url}`);
  }
}

export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (pathname === "/named") {
      return env.ROOMS.getByName("a").fetch(`https://durable-object/named/${pathname.length}`);
    }
    const stub = room(env, "a");
    return await stub.fetch("https://durable-object/events", request);
  },
};

function room(env, name) {
  const id = env.ROOMS.idFromName(name);
  return env.ROOMS.get(id);
}
