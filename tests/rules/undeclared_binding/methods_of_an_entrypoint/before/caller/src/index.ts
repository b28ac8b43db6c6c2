interface Env {
  [name: string]: any;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return Response.json([await env.AUTH.get("a"), await env.AUTH.verify("token")]);
  },
};
