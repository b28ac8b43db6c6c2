export default {
  async fetch(request, env) {
    try {
      return await fetch(request);
    } catch {
      return env.API.fetch(request);
    }
  },
};
