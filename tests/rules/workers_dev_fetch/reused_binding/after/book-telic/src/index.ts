interface Env {
  MOM: Fetcher;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    if (request.method === "POST") {
      return env.MOM.fetch(request);
    }
    return env.MOM.fetch("https://api-mom.example.workers.dev/v1/blurbs");
  },
};
