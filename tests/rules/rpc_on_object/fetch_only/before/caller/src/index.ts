interface Env {
  PRICES: any;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return env.PRICES.fetch("https://prices/", { method: "POST" });
  },
};
