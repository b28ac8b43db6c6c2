interface Env {
  SHOP: any;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return Response.json(await env.SHOP.price(1));
  },
};
