export default {
  async fetch(request, env) {
    const note = request.headers.has("x-note") ? await request.text() : "";
    console.log(note);
    return env.ORDERS.fetch(request);
  },
};
