import { blurbs } from "./blurbs";

interface Env {
  TITLE: string;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return blurbs(env, request.method);
  },
};
