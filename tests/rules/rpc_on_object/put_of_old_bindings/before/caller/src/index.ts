interface Env {
  PRICES: any;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return new Response((await env.PRICES.put("https://prices/", "3")) ?? "put");
  },
};
