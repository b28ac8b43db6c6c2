import { WorkerEntrypoint } from "cloudflare:workers";

export class Admin extends WorkerEntrypoint {
  async purge() {
    return "purged";
  }
}

export default class extends WorkerEntrypoint {
  async fetch() {
    return new Response("admin");
  }
}
