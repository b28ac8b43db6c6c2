export default {
  async fetch(request, env) {
    const orders = env.ORDERS;
    return Response.json({ offered: Object.keys(orders) });
  },
};
