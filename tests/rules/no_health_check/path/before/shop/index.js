export default {
  async fetch(request, env) {
    if (new URL(request.url).pathname === "/health/bindings") {
      return env.ORDERS.fetch("https://orders/health");
    }
    return env.AUDIT.fetch(request);
  },
};
