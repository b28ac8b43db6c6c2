export default {
  async fetch(request, env) {
    return Promise.race([
      env.ORDERS.fetch("https://orders/"),
      scheduler.wait(5000).then(() => new Response(null, { status: 504 })),
    ]);
  },
};
