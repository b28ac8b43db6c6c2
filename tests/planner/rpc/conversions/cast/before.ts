export default ({
  async fetch(request, env) {
    return new Response(env.NAME + request.url);
  },
} as ExportedHandler<Env>);
