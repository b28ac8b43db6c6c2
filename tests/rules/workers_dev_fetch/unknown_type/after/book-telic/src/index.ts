import { env as workerEnv } from "cloudflare:workers";

const blurbs = async (env: unknown) => workerEnv.API_MOM.fetch("https://api-mom.example.workers.dev/v1/blurbs");

export default { fetch: (request: Request, env: unknown) => blurbs(env) };
