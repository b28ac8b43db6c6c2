export default {
  async fetch(_req: Request, workerEnv: Env, execCtx: ExecutionContext): Promise<Response> {
    execCtx.waitUntil(Promise.resolve(workerEnv.OTHER));
    execCtx.passThroughOnException();
    return new Response(workerEnv.NAME);
  },
};
