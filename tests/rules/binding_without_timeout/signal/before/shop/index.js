export default {
  async fetch(request, env) {
    return env.ORDERS.fetch("https://orders/", { signal: AbortSignal.timeout(5000) });
  },
};
