export default {
  async fetch(request, env) {
    await env.ORDERS.count("open");
    return env.ORDERS.fetch("https://orders/open");
  },
};
