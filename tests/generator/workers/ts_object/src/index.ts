import type { Env } from "./env";

export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    return pathname === "/" ? new Response("caller") : env.API.fetch(request);
  },
} satisfies ExportedHandler<Env>;
