export default {
  fetch: (request, env) => env.API.fetch("api.example.com/users"),
};
