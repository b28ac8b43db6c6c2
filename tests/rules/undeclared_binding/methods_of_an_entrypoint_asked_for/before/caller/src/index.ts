interface Env {
  [name: string]: any;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    if (!env.AUTH) return new Response("none");
    return Response.json(await env.AUTH.verify("token"));
  },
};
