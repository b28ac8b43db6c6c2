interface Env {
  AUTH: Fetcher;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    // env.AUTH.fetch(request)
    return new Response("caller");
  },
};
