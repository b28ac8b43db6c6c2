export default {
  async fetch(request, env) {
    console.log(await request.text());
    await env.AUDIT.fetch(request);
    return env.ORDERS.fetch(request);
  },
};
