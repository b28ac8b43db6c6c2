interface Env {
  AUTH: Fetcher;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return env.AUTH.fetch("https://auth/");
  },
};
