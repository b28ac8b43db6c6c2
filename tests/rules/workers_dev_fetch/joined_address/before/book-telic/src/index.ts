interface Env {
  TITLE: string;
}

const BASE = ["https://api-mom", "example", "workers.dev"].join(".");

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    let url = [BASE, "v1", "blurbs"].join("/");
    await fetch(BASE.concat("/v1/titles?for=", request.url));
    return fetch(url);
  },
};
