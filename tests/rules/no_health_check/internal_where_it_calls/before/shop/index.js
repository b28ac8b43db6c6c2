export default {
  async fetch(request, env) {
    return env.ORDERS.fetch(request);
  },
};
