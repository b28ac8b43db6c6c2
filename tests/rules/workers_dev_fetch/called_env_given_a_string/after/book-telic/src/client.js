import { env as workerEnv } from "cloudflare:workers";

export const blurbs = (env) => workerEnv.API_MOM.fetch("https://api-mom.example.workers.dev/v1/blurbs", { headers: { env } });

export class Client {
  constructor(env) {
    this.env = env;
  }

  async shelf() {
    await workerEnv.API_MOM.fetch("https://api-mom.example.workers.dev/v1/shelf");
    return workerEnv.API_MOM.fetch("https://api-mom.example.workers.dev/v1/shelf/" + this.env);
  }
}

export const list = ({ env, path }) => workerEnv.API_MOM.fetch("https://api-mom.example.workers.dev" + path, { headers: { env } });
