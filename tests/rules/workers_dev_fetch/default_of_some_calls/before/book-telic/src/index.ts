interface Env {
  TITLE: string;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    await blurbs(env, env.TITLE);
    return blurbs(env);
  },
};

async function blurbs(env: Env, base = "https://api-mom.example.workers.dev"): Promise<Response> {
  return fetch(`${base}/v1/blurbs`);
}
