function respond({ env, request }: { env: Env; request: Request }): Response {
  return Response.json({ ...env, url: request.url });
}

export default {
  async fetch(request, env) {
    return respond({ request, env });
  },
  async scheduled(_controller, env, ctx) {
    await Promise.all([{ ...env }, { ctx }]);
  },
} satisfies ExportedHandler<Env>;
