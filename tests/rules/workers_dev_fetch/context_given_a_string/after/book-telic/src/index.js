import { blurbs, shelf } from "./client.js";

export default {
  async fetch(request, env) {
    await blurbs({ env: "production" });
    return shelf({ env: "production" });
  },
};
