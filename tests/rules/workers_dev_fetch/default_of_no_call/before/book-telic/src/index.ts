interface Env {
  TITLE: string;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return blurbs(env, env.TITLE);
  },
};

async function blurbs(env: Env, base = "https://api-mom.example.workers.dev"): Promise<Response> {
  return fetch(`${base}/v1/blurbs`);
}
