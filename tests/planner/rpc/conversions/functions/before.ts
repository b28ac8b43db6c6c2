let last: unknown = null;

export default {
  fetch: async function (request: Request, env: Env) {
    return Response.json({ method: request.method, name: env.NAME, last });
  },
  queue: async function <Body>(batch: MessageBatch<Body>, env: Env): Promise<void> {
    last = [batch.queue, env.OTHER];
  },
  scheduled: function scheduled() {
    last = "scheduled";
  },
};
