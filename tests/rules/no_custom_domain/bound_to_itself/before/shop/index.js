export default {
  async fetch(request, env) {
    return env.SELF.fetch(request);
  },
};
