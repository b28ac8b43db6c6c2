/** @type {ExportedHandler<Env>} */
export default {
  async fetch(request, env, ctx) {
    ctx.waitUntil(Promise.resolve());
    return new Response(env.NAME + request.method);
  },
};
