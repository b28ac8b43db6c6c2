import { RpcTarget, WorkerEntrypoint } from "cloudflare:workers";

export class Admin extends RpcTarget {}

export class Admins extends WorkerEntrypoint {}

export default {
  async fetch(): Promise<Response> {
    return new Response("shop");
  },
};
