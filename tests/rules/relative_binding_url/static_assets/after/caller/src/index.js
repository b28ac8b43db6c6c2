export default {
  fetch: (request, env) => env.FILES.fetch("https://assets.local/index.html"),
};
