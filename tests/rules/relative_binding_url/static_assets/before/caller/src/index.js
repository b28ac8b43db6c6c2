export default {
  fetch: (request, env) => env.FILES.fetch("/index.html"),
};
