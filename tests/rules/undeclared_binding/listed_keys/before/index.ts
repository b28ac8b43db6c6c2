export default {
  async fetch(request, env) {
    if (Object.keys(env).includes("API")) return env.API.fetch(request);
    return new Response("without it");
  },
};
