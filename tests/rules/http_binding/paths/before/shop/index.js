export default {
  async fetch(request, env) {
    const open = await env.ORDERS.fetch("https://orders/open");
    const all = await env.ORDERS.fetch("https://orders/all");
    return Response.json([await open.json(), await all.json()]);
  },
};
