export default {
  async fetch(request, env) {
    if (request.method === "POST") return env.OTHER.fetch("/users");
    return env.STORE.get("/users");
  },
};
