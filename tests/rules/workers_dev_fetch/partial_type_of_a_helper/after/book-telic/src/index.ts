interface Env {
  TITLE: string;
  API_MOM: Fetcher;
}

const blurbs = async (env: Partial<Env>) => env.API_MOM!.fetch("https://api-mom.example.workers.dev/v1/blurbs/" + env.TITLE);

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return blurbs(env);
  },
};
