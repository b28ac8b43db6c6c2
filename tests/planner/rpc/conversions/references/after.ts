import { handleQueue, handlers } from "./handlers";
import { WorkerEntrypoint } from "cloudflare:workers";

async function fetchHandler(request: Request, env: Env): Promise<Response> {
  const { pathname } = new URL(request.url);
  return pathname === "/name" ? new Response(env.NAME) : handlers.log();
}

export default class ApiMom extends WorkerEntrypoint<Env> {
  fetch(request: Request) {
    return fetchHandler(request, this.env);
  }

  queue(batch: MessageBatch<number>) {
    return handleQueue(batch, this.env);
  }

  scheduled() {
    return handlers.scheduled();
  }
}
