interface Env {
  MOM: Fetcher;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    await env.MOM.fetch("https://api-mom/v1/ping");
    return env.MOM.fetch("https://api-mom.example.workers.dev/v1/blurbs");
  },
};
