interface Env {
  DB: D1Database;
  JOBS: Queue;
  CACHE: KVNamespace;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    await env.DB.prepare("SELECT 1").run();
    await env.JOBS.send({});
    return new Response(await env.CACHE.get("key"));
  },
};
