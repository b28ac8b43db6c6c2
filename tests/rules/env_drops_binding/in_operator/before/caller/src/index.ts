interface Env {
  AUTH: Fetcher;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return "AUTH" in env ? env.AUTH.fetch("https://auth/") : new Response("no login here");
  },
};
