export default {
  async fetch(request, env) {
    const order = await request.clone().json();
    console.log(order);
    return env.ORDERS.fetch(request);
  },
};
