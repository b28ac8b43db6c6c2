export default {
  async fetch(request, env) {
    if (env.hasOwnProperty("API")) return env.API.fetch(request);
    return new Response("without it");
  },
};
