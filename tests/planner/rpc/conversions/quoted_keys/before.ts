export default {
  "fetch": async (request: Request, env: Env) => new Response(env.NAME + request.method),
  'scheduled'(_controller: ScheduledController) {},
};
