export default {
  async scheduled(request, env) {
    await env.ORDERS.fetch("https://orders/");
  },
};
