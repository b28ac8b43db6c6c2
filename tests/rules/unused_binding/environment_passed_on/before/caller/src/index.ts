import { serve } from "server";

interface Env {
  AUTH: Fetcher;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return serve(request, env);
  },
};
