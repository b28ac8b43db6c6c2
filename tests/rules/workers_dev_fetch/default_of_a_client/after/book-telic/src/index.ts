import { env } from "cloudflare:workers";

interface Env {
  TITLE: string;
}

const DEFAULT = "https://api-mom.example.workers.dev";

class Client {
  constructor(private readonly base = DEFAULT) {}

  get(path: string): Promise<Response> {
    return env.API_MOM.fetch(this.base + path);
  }
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return new Client().get("/v1/blurbs");
  },
};
