interface Env {
  ADMIN: Fetcher;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return env.ADMIN.fetch("https://shop/");
  },
};
