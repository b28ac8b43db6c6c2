export default {
  async fetch(request, env) {
    try {
      return await env.API.fetch(request);
    } finally {
      console.log("done");
    }
  },
};
