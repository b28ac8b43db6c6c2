export default {
  /** @param {Request} request @param {Env} env @param {ExecutionContext} ctx the context */
  async fetch(request, env, ctx) {
    ctx.waitUntil(Promise.resolve());
    return new Response(env.NAME + request.method);
  },

  /** @param {Env} env */
  scheduled: async (controller, env) => {},
};
