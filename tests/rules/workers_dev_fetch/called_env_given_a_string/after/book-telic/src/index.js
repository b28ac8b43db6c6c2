import { blurbs, Client, list } from "./client.js";

export default {
  async fetch(request, env) {
    await blurbs("production");
    await new Client("production").shelf();
    await list({ env: "production", path: "/v1/list" });
    return new Response("done");
  },
};
