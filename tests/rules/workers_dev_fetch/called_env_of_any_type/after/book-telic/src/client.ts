import { env as workerEnv } from "cloudflare:workers";

export const blurbs = async (env: any) => workerEnv.API_MOM.fetch("https://api-mom.example.workers.dev/v1/blurbs", { headers: { env } });

export const list = async (env: unknown) => workerEnv.API_MOM.fetch("https://api-mom.example.workers.dev/v1/list");

export const shelf = async (env: { stage: string }) => workerEnv.API_MOM.fetch("https://api-mom.example.workers.dev/v1/" + env.stage);
