interface Env {
  AUTH: Fetcher;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    if (!env.AUTH) return new Response("no login here");
    return env.AUTH.fetch("https://auth/");
  },
};
