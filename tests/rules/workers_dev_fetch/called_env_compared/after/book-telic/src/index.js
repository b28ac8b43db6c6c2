import { blurbs } from "./client.js";

export default { fetch: (request, env, ctx) => blurbs("production") };
