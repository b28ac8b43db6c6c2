export default {
  async fetch(request, env) {
    await env.ORDERS.fetch("https://orders/open");
    return env.ORDERS.fetch(request);
  },
};
