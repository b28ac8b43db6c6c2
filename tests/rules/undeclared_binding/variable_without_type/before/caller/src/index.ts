interface Env {
  [name: string]: any;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return new Response(env.KEY.trim());
  },
};
