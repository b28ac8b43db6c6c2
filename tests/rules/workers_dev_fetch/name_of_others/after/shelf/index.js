export default {
  fetch: (request, env) => env.MOM.fetch(request),
};
