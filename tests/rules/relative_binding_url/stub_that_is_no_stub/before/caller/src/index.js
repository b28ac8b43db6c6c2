import { DurableObject } from "cloudflare:workers";

export class Room extends DurableObject {
  async fetch(request) {
    return new Response(`room ${request.url}`);
  }
}

const sources = new Map([["a", { fetch: (path) => new Response(`source ${path}`) }]]);

export default {
  async fetch(request, env) {
    if (request.method === "POST") return sources.get("a").fetch("/events");
    if (request.method === "PUT") return (await env.STORE.get("a")).fetch("/events");
    return env.ROOMS.getByName("a").fetch("http://room/events");
  },
};
