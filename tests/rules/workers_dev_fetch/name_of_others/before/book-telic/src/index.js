export default {
  fetch: (request, env) => fetch("https://api-mom.example.workers.dev/v1/blurbs"),
};
