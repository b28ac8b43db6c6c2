import { blurbs } from "./client";
import type { Env } from "./env";

export default {
  fetch: (request, env) => blurbs(env),
} satisfies ExportedHandler<Env>;
