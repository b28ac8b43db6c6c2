import { Client } from "some-framework";
import { env } from "cloudflare:workers";

class Blurbs extends Client {
  list() {
    return env.API_MOM.fetch("https://api-mom.example.workers.dev/v1/blurbs");
  }
}

export default { fetch: () => new Blurbs().list() };
