interface Env {
  PRICES: any;
  SHOP: any;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const shop = request.url.endsWith("/prices") ? env.PRICES : env.SHOP;
    return new Response(await shop.total("shoes", 3));
  },
};
