import { env } from "cloudflare:workers";

export default {
  async fetch(): Promise<Response> {
    return env.AUTH.fetch("https://auth/");
  },
};
