export default { fetch: (request, env) => new Response(request.url + env.NAME) } satisfies ExportedHandler<Env>;
