import { WorkerEntrypoint } from "cloudflare:workers";

export default class Auth extends WorkerEntrypoint {
  async verify(token: string): Promise<boolean> {
    return token !== "";
  }

  async get(name: string): Promise<string> {
    return name;
  }
}
