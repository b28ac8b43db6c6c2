import { createClient } from "client";

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return createClient(env.TARGET).get("/");
  },
};
