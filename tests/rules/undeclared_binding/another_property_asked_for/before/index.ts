export default {
  async fetch(request, env) {
    if (env.hasOwnProperty("OTHER") || Object.keys(env).includes("MORE")) {
      return env.API.fetch(request);
    }
    return new Response("without it");
  },
};
