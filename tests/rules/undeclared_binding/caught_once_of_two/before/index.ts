export default {
  async fetch(request, env) {
    try {
      await env.API.fetch("https://api/warm");
    } catch {}
    return env.API.fetch(request);
  },
};
