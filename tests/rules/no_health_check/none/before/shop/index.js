export default {
  async fetch(request, env) {
    if (new URL(request.url).pathname === "/orders") {
      return env.ORDERS.fetch(request);
    }
    await env.AUDIT.note(request.url);
    return new Response("shop");
  },
};
