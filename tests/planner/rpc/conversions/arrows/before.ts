let runs = 0;

export default {
  fetch: async (request: Request, env: Env): Promise<Response> => {
    const { pathname } = new URL(request.url);
    return pathname === "/name" ? new Response(env.NAME) : new Response(String(runs));
  },
  // Counts.
  scheduled: (_controller, env, ctx) =>
    ctx.waitUntil(
      Promise.resolve().then(() => {
        runs += env.NAME.length;
      }),
    ),
  queue: async (batch) => void (runs += batch.messages.length), // one each
} satisfies ExportedHandler<Env>;
