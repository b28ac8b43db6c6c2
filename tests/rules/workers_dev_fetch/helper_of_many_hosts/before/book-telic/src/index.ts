interface Env {
  TITLE: string;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    await get("https://example.com");
    return get("https://api-mom.example.workers.dev");
  },
};

function get(base: string): Promise<Response> {
  return fetch(`${base}/v1/blurbs`);
}
