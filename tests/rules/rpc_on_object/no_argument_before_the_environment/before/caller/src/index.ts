interface Env {
  PRICES: any;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return new Response(await env.PRICES.currency());
  },
};
