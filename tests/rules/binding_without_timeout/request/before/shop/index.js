export default {
  async fetch(request, env) {
    await env.AUDIT.fetch("https://audit/", request);
    return env.ORDERS.fetch(request);
  },
};
