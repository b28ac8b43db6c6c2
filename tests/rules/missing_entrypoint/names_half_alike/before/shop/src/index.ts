import { WorkerEntrypoint } from "cloudflare:workers";

export class Admin extends WorkerEntrypoint {}

export class Plain2 extends WorkerEntrypoint {}

export class Plain3 extends WorkerEntrypoint {}

export default {
  async fetch(): Promise<Response> {
    return new Response("shop");
  },
};
