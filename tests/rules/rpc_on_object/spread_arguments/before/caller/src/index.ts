interface Env {
  PRICES: any;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const names = request.url.split("/").slice(3);
    return new Response(await env.PRICES.total(...names));
  },
};
