interface Env {
  TARGET: Fetcher;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return new Response(env.TARGET ? "yes" : "no");
  },
};
