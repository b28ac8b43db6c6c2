import { WorkerEntrypoint } from "cloudflare:workers";

class Admin extends WorkerEntrypoint {
  async fetch(): Promise<Response> {
    return new Response("admin");
  }
}

export { Admin as Backoffice };

export default {
  async fetch(): Promise<Response> {
    return new Response("shop");
  },
};
