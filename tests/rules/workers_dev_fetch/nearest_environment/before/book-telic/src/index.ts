import { WorkerEntrypoint } from "cloudflare:workers";

interface Env {
  TITLE: string;
}

export default class extends WorkerEntrypoint<Env> {
  async fetch(): Promise<Response> {
    const bindings = this.env;
    const blurbs = async (env: "staging" | "production"): Promise<Response> => {
      const headers = { env, title: bindings.TITLE };
      return fetch("https://api-mom.example.workers.dev/v1/blurbs", { headers });
    };
    return blurbs("staging");
  }
}
