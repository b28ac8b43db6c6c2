export default {
  async fetch(request, env) {
    const order = await request.clone().json();
    if (order === 0) {
      return new Response("no order", { status: 400 });
    }
    return env.ORDERS.fetch(request);
  },
};
