import { blurbs } from "./blurbs";

interface Env {
  TITLE: string;
  API_MOM: Fetcher;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return blurbs(env, request.method);
  },
};
