export default {
  fetch: (request, env) => env.ADMIN.fetch(request),
};
