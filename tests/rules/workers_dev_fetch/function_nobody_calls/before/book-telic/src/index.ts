import { TITLE } from "./client";

interface Env {
  TITLE: string;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return new Response(TITLE);
  },
};
