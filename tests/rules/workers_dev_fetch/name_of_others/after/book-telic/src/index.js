export default {
  fetch: (request, env) => env.MOM.fetch("https://api-mom.example.workers.dev/v1/blurbs"),
};
