interface Env {
  TITLE: string;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    let base = "https://api-mom.example.workers.dev";
    if (env.TITLE) {
      base = env.TITLE;
    }
    return fetch(`${base}/v1/blurbs`);
  },
};
