export default {
  async fetch(request, env) {
    return Response.json(await env.ORDERS.place(await request.json()));
  },
};
