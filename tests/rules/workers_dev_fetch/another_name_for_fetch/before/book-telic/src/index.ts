interface Env {
  TITLE: string;
}

const request = fetch;
const send = globalThis.fetch.bind(globalThis);

export default {
  async fetch(_: Request, env: Env): Promise<Response> {
    await request("https://example.com/");
    await send("https://api-mom.example.workers.dev/v1/send");
    return request("https://api-mom.example.workers.dev/v1/blurbs");
  },
};
