interface Env {
  TARGET: Fetcher;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return env.TARGET.fetch("http://target/");
  },
};
