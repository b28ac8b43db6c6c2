interface Env {
  [name: string]: Fetcher;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const name = new URL(request.url).pathname.slice(1);
    return env[name].fetch(request);
  },
};
