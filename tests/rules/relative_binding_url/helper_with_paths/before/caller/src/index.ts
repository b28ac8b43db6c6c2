import { DurableObject, WorkerEntrypoint } from "cloudflare:workers";

interface Env {
  API: Fetcher;
  ROOMS: DurableObjectNamespace<Room>;
}

export class Room extends DurableObject<Env> {
  async users(): Promise<string> {
    const response = await get(this.env, "/users");
    return response.text();
  }
}

export default class Caller extends WorkerEntrypoint<Env> {
  async fetch(request: Request): Promise<Response> {
    if (request.url.endsWith("/orders")) return get(this.env, "/orders");
    return new Response(await this.env.ROOMS.getByName("a").users());
  }
}

function get(env: Env, path: string): Promise<Response> {
  return env.API.fetch(path);
}
