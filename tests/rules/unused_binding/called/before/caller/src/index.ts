interface Env {
  AUTH: any;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return Response.json(await env.AUTH.verify("token"));
  },
};
