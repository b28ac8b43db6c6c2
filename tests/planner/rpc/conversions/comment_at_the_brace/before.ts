export default {
  async fetch(request: Request, env: Env) { // handles
    // everything
    return Response.json([env.NAME, env.OTHER, request.method]);
  },
};
