interface Env {
  SHOP: any;
  STORE: any;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const service = request.url.endsWith("/jobs") ? env.SHOP : env.STORE;
    return service.fetch("https://shop/");
  },
};
