import { blurbs } from "./client.js";

export default {
  async fetch(request, env) {
    await blurbs("production");
    return blurbs(env);
  },
};
