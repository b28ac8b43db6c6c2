export default {
  async fetch(request: Request, env: Record<string, Fetcher>): Promise<Response> {
    const name = new URL(request.url).pathname.slice(1);
    return env[name].fetch(request);
  },
};
