export default {
  async fetch(request: Request, env: object, ctx: ExecutionContext) {
    ctx.passThroughOnException();
    if (new URL(request.url).pathname === "/api") {
      return new Response("api");
    }
  },
};
