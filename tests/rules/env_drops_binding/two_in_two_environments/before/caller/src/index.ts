interface Env {
  AUTH: Fetcher;
  LOG: Fetcher;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    await env.LOG.fetch("https://log/");
    return env.AUTH.fetch("https://auth/");
  },
};
