import { env as workerEnv } from "cloudflare:workers";

const shelf = (env?: Env) => workerEnv.API_MOM.fetch("https://api-mom.example.workers.dev/v1/shelf");
const blurbs = (env: Env | undefined) => workerEnv.API_MOM.fetch("https://api-mom.example.workers.dev/v1/blurbs");

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    await shelf();
    return blurbs(undefined);
  },
};
