import { WorkerEntrypoint } from "cloudflare:workers"

const log: string[] = []

export default class ApiMom extends WorkerEntrypoint<Env> {
  async fetch(request: Request) {
    const { env } = this;
    [env.NAME, env.OTHER].forEach((name) => log.push(name))
    return new Response(log.join() + request.method)
  }
  async scheduled(_controller: ScheduledController) {
    const { env } = this
    // A comment first.
    log.push(env.NAME, env.OTHER)
  }

  async queue(batch: MessageBatch) {
    return (
    void log.push(batch.queue)
  )
  }
}
