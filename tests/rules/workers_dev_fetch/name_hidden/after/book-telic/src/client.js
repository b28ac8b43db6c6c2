import { RpcTarget, env as workerEnv } from "cloudflare:workers";

export class Client extends RpcTarget {
  blurbs(env = "production") {
    return workerEnv.API_MOM.fetch("https://api-mom.example.workers.dev/v1/blurbs", { headers: { env } });
  }
}
