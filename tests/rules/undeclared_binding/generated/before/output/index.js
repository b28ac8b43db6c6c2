export default { fetch: (request, env) => env.AUTH.fetch(request) };
