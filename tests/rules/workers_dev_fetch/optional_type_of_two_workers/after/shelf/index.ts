import type { Env } from "../book-telic/src/env";

export default {
  fetch: async (request: Request, env: Env) => (env.MOM ? env.MOM.fetch(request) : new Response("shelf")),
};
