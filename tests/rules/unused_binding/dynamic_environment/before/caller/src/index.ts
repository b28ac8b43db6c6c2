interface Env {
  [name: string]: Fetcher;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return env[request.method].fetch(request);
  },
};
