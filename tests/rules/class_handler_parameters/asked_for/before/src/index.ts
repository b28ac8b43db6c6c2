import { WorkerEntrypoint } from "cloudflare:workers";

export default class Site extends WorkerEntrypoint<Env> {
  async fetch(request: Request, env: Env = this.env): Promise<Response> {
    return env.API.fetch(request);
  }
}

export class Choosing extends WorkerEntrypoint<Env> {
  async fetch(request: Request, env?: Env): Promise<Response> {
    const given = env ?? this.env;
    return given.API.fetch(request);
  }
}

export class Asking extends WorkerEntrypoint<Env> {
  async fetch(request: Request, env?: Env): Promise<Response> {
    if (!env) return new Response("no env");
    return env.API.fetch(request);
  }
}

export class Setting extends WorkerEntrypoint<Env> {
  async fetch(request: Request, env: Env): Promise<Response> {
    env = this.env;
    return env.API.fetch(request);
  }
}
