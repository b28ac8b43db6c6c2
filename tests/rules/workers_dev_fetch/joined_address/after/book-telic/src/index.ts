interface Env {
  TITLE: string;
  API_MOM: Fetcher;
}

const BASE = ["https://api-mom", "example", "workers.dev"].join(".");

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    let url = [BASE, "v1", "blurbs"].join("/");
    await env.API_MOM.fetch(BASE.concat("/v1/titles?for=", request.url));
    return env.API_MOM.fetch(url);
  },
};
