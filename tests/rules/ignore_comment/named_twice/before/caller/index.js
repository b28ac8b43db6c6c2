export default {
  fetch(request, env) {
    return env.TARGET.fetch(request);
  },
};
