export default {
  async fetch(request, env) {
    await env.AUDIT.fetch("https://audit/", { method: "POST", body: "x" });
    return env.ORDERS.fetch("https://orders/");
  },
};
