interface Env {
  KEY: string;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return new Response(env.KEY.trim().split(",")[0]);
  },
};
