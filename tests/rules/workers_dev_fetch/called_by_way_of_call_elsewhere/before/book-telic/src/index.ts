interface Env {
  TITLE: string;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    await fetch.call(globalThis, "https://example.com");
    return fetch.apply(null, ["https://example.com", "https://api-mom.example.workers.dev"]);
  },
};
