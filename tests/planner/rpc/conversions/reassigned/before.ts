export default {
  async fetch(request: Request, env: Env, ctx: ExecutionContext) {
    if (request.method === "POST") env = { ...env, NAME: "posted" };
    ctx.waitUntil(Promise.resolve());
    ctx.passThroughOnException();
    return Response.json(env);
  },
};
