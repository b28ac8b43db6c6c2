export default {
  async fetch(request, env) {
    await env.JOBS.start();
    return env.AUTH.fetch(request);
  },
};
