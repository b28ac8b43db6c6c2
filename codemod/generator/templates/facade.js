// Stands in front of another Worker and forwards every request to it, for callers over HTTP.
//
// It exports no classes, so that nothing but its default object can be meant by a binding. RPC
// methods, cron triggers, queues and Durable Objects of the target do not come through it. Meant
// to be temporary: until the callers are bound to the target itself again.

/**
 * @typedef {object} Env
 * @property {{ fetch(request: Request): Promise<Response> }} TARGET
 */

export default {
  /**
   * @param {Request} request
   * @param {Env} env
   * @returns {Promise<Response>}
   */
  async fetch(request, env) {
    return env.TARGET.fetch(request);
  },
};
