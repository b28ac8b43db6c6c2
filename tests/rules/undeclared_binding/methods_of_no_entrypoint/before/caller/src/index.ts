interface Env {
  [name: string]: any;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    await env.AUTH.verify("token");
    return Response.json(await env.AUTH.renew("token"));
  },
};
