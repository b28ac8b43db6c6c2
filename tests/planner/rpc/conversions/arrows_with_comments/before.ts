export default {
  fetch: (
    request, // who asks
    env,
  ) =>
    // What they get.
    Response.json({
      url: request.url,
      name: env.NAME,
    }),
} satisfies ExportedHandler<Env>;
