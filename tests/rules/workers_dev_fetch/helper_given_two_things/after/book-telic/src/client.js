import { env as workerEnv } from "cloudflare:workers";

export const blurbs = (env) => workerEnv.API_MOM.fetch("https://api-mom.example.workers.dev/v1/blurbs");
