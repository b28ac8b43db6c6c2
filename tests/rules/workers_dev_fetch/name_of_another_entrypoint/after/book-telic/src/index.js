export default {
  fetch: (request, env) => env.API_MOM.fetch("https://api-mom.example.workers.dev/v1/blurbs"),
};
