interface Env {
  MOM: string;
  API_MOM: Fetcher;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return env.API_MOM.fetch("https://api-mom.example.workers.dev/v1/blurbs");
  },
};
