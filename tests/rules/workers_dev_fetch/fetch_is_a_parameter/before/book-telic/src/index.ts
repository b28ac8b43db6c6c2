interface Env {
  MOM: Fetcher;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return blurbs(env.MOM.fetch.bind(env.MOM));
  },
};

function blurbs(fetch: typeof globalThis.fetch): Promise<Response> {
  return fetch("https://api-mom.example.workers.dev/v1/blurbs");
}
