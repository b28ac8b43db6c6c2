interface Env {
  TITLE: string;
}

const api = { fetch: (_: Request) => new Response() };

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return api.fetch.call(null, "https://api-mom.example.workers.dev", request);
  },
};
