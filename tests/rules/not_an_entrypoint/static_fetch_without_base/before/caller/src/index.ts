interface Env {
  SHOP: any;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return env.SHOP.fetch("http://shop/");
  },
};
