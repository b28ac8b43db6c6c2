export default {
  /**
   * Answers.
   * @param {Request} request
   * @param {Env} env - all of
   *   the bindings
   * @param {ExecutionContext} ctx the context
   * @returns {Promise<Response>}
   */
  async fetch(request, env, ctx) {
    ctx.waitUntil(Promise.resolve());
    return new Response(env.NAME + request.method);
  },

  /**
   * @param {ScheduledController} controller
   * @param {Env} env
   */
  scheduled: async (controller, env) => {},
};
