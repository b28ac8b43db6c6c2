export default {
  async fetch(request: Request, env: Env) { return Response.json([env.NAME, env.OTHER, request.method]); },
};
