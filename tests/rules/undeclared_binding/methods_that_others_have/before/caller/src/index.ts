interface Env {
  [name: string]: any;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return Response.json(await env.CACHE.get("a"));
  },
};
