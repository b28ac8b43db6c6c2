// Stands in front of another Worker and forwards every request to it, for callers over HTTP.
//
// It exports no classes, so that nothing but its default object can be meant by a binding. RPC
// methods, cron triggers, queues and Durable Objects of the target do not come through it. Meant
// to be temporary: until the callers are bound to the target itself again.

interface Env {
  TARGET: { fetch(request: Request): Promise<Response> };
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return env.TARGET.fetch(request);
  },
};
