export default {
  async fetch(request, env) {
    const answer = await env.ORDERS.fetch("https://orders/");
    return Response.json(Object.keys(await answer.json()));
  },
};
