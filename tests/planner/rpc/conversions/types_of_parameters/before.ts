export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const name: typeof env.NAME = "typed";
    return new Response(name + request.method);
  },
};
