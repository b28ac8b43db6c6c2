import type { Env } from "./env";

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return fetch("https://api-mom.example.workers.dev/v1/blurbs");
  },
};
