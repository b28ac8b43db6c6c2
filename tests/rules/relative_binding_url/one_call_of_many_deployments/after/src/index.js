export default {
  fetch: (request, env) => env.API.fetch("https://api/users"),
};
