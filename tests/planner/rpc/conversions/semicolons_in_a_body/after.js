import { WorkerEntrypoint } from "cloudflare:workers"

let ran = 0
let sum = 0
let all = ""
const sep = ","

export default class ApiMom extends WorkerEntrypoint {
  async fetch(request) {
    const { ctx } = this;
    ctx.waitUntil(Promise.resolve());
    ctx.passThroughOnException?.();
    return new Response(this.env.NAME + request.method + sep + all + ran + sum);
  }
}
