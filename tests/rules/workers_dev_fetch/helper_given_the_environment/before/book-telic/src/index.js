import { blurbs, Client, list, shelf } from "./client.js";

export default {
  async fetch(request, env) {
    await blurbs(env);
    await shelf({ env, path: "/v1/shelf" });
    const client = new Client(env);
    await client.all();
    return list(env);
  },

  scheduled: (event, env) => blurbs(env),
};
