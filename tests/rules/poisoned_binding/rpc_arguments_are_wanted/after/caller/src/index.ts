interface Env {
  TARGET: Fetcher;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    await env.TARGET.add(1, 2);
    return env.TARGET.fetch("http://target/");
  },
};
