import { env } from "./env";

export default {
  async fetch(): Promise<Response> {
    return env.AUTH.fetch("https://auth/");
  },
};
