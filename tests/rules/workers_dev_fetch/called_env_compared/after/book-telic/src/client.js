import { env as workerEnv } from "cloudflare:workers";

export async function blurbs(env) {
  if (env === "production") return workerEnv.API_MOM.fetch("https://api-mom.example.workers.dev/v1/blurbs");
  return workerEnv.API_MOM.fetch(`https://api-mom.example.workers.dev/${env}/blurbs`);
}
