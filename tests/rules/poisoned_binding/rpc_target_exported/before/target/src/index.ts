import { RpcTarget } from "cloudflare:workers";

export class Session extends RpcTarget {}

export default {
  async fetch(): Promise<Response> {
    return new Response("target");
  },
};
