interface Env {
  TITLE: string;
}

const BASE = "https://api-mom.example.workers.dev";

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return fetch([env.TITLE, BASE].join("?from="));
  },
};
