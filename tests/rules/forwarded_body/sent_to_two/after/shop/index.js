export default {
  async fetch(request, env) {
    console.log(await request.clone().text());
    await env.AUDIT.fetch(request.clone());
    return env.ORDERS.fetch(request);
  },
};
