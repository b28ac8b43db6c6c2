interface Env {
  AUTH: Fetcher;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const auth = env.AUTH ?? { fetch: async () => new Response("none") };
    return auth.fetch("https://auth/");
  },
};
