interface Env {
  TITLE: string;
  API_MOM: Fetcher;
}

export default {
  async fetch(request: Request, env: Partial<Env>): Promise<Response> {
    return env.API_MOM!.fetch("https://api-mom.example.workers.dev/v1/blurbs");
  },
};
