interface Env {
  TARGET: Fetcher;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return Response.json(await env.TARGET.count(1));
  },
};
