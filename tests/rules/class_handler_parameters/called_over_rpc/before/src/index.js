import { WorkerEntrypoint } from "cloudflare:workers";

export class Jobs extends WorkerEntrypoint {
  async queue(batch, env) {
    return `${batch} ${env.name}`;
  }
}

export default {
  async fetch(request, env) {
    return new Response(await env.JOBS.queue("a", { name: "b" }));
  },
};
