interface Env {
  AUTH: Fetcher & { verify(token: string): Promise<boolean> };
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return Response.json(await env.AUTH.verify("token"));
  },
};
