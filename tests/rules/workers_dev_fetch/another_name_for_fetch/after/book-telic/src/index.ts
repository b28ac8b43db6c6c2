interface Env {
  TITLE: string;
  API_MOM: Fetcher;
}

const request = fetch;
const send = globalThis.fetch.bind(globalThis);

export default {
  async fetch(_: Request, env: Env): Promise<Response> {
    await request("https://example.com/");
    await env.API_MOM.fetch("https://api-mom.example.workers.dev/v1/send");
    return env.API_MOM.fetch("https://api-mom.example.workers.dev/v1/blurbs");
  },
};
