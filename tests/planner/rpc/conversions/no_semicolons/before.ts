const log: string[] = []

export default {
  async fetch(request, env) {
    [env.NAME, env.OTHER].forEach((name) => log.push(name))
    return new Response(log.join() + request.method)
  },
  async scheduled(_controller, env) {
    // A comment first.
    log.push(env.NAME, env.OTHER)
  },
  queue: async (batch) => (
    void log.push(batch.queue)
  ),
} satisfies ExportedHandler<Env>
