interface Env {
  TITLE: string;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    await fetch.call(globalThis, "https://api-mom.example.workers.dev/v1/titles");
    return fetch.apply(null, ["https://api-mom.example.workers.dev/v1/blurbs", request]);
  },
};
