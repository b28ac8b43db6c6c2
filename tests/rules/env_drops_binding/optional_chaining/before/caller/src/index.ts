interface Env {
  AUTH: Fetcher;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return (await env.AUTH?.fetch("https://auth/")) ?? new Response("no login here");
  },
};
