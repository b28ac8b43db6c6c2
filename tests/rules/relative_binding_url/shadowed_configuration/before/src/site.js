export default { fetch: (request, env) => env.API.fetch(request) };
