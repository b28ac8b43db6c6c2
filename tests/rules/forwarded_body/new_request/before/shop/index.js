export default {
  async fetch(request, env) {
    const order = await request.text();
    return env.ORDERS.fetch(new Request("https://orders/", { method: "POST", body: order }));
  },
};
