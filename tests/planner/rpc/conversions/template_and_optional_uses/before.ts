export default {
  async fetch(request, env, ctx) {
    const nested = [1].map((n) => ((text = `${env?.NAME}`) => ({ n, text }))());
    return Response.json([nested, request.method, typeof ctx]);
  },
} satisfies ExportedHandler<Env>;
