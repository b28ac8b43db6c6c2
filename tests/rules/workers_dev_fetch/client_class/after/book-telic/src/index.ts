import { Client } from "./client";

interface Env {
  TOKEN: string;
  TITLE: string;
  API_MOM: Fetcher;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return new Client(env).blurbs();
  },
};
