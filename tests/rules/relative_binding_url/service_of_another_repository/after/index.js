export default {
  fetch: (request, env) => env.API.fetch("https://worker/users"),
};
