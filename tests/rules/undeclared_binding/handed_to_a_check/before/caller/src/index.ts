interface Env {
  AUTH: Fetcher;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    required(env.AUTH);
    return env.AUTH.fetch("https://auth/");
  },
};
