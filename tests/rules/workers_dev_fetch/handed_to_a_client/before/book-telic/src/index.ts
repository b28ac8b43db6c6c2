import { createClient } from "./client";

const API_MOM_URL = "https://api-mom.example.workers.dev";

interface Env {
  TITLE: string;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const client = createClient({ fetch, baseUrl: `${API_MOM_URL}/v1` });
    return client.get("/blurbs");
  },
};
