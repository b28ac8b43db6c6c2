export default {
  async fetch(request, env) {
    await env.ORDERS.fetch("https://orders/seen");
    return Response.json(await env.ORDERS.place(await request.json()));
  },
};
