export default {
  async fetch(request, env) {
    try {
      return await env.API.fetch(request);
    } catch {
      return new Response("without it");
    }
  },
};
