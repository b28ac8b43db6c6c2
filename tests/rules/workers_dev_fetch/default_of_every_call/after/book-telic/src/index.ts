interface Env {
  TITLE: string;
  API_MOM: Fetcher;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return blurbs(env);
  },
};

async function blurbs(env: Env, base = "https://api-mom.example.workers.dev"): Promise<Response> {
  return env.API_MOM.fetch(`${base}/v1/blurbs`);
}
