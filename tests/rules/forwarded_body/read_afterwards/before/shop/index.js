export default {
  async fetch(request, env) {
    const answer = await env.ORDERS.fetch(request);
    return new Response(await answer.text());
  },
};
