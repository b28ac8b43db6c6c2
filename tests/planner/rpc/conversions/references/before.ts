import { handleQueue, handlers } from "./handlers";

async function fetchHandler(request: Request, env: Env): Promise<Response> {
  const { pathname } = new URL(request.url);
  return pathname === "/name" ? new Response(env.NAME) : handlers.log();
}

export default {
  fetch: fetchHandler,
  queue: handleQueue,
  scheduled: handlers.scheduled,
};
