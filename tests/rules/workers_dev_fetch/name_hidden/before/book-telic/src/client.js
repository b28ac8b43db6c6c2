import { RpcTarget } from "cloudflare:workers";

export class Client extends RpcTarget {
  blurbs(env = "production") {
    return fetch("https://api-mom.example.workers.dev/v1/blurbs", { headers: { env } });
  }
}
