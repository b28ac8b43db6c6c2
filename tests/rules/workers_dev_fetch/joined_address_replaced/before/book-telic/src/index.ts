interface Env {
  TITLE: string;
}

const BASE = "https://api-mom.example.workers.dev";

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    let url = [BASE, "v1", "blurbs"].join("/");
    if (env.TITLE) url = env.TITLE;
    return fetch(url);
  },
};
