import type { WorkerEntrypoint } from 'cloudflare:workers'

export type Entrypoint = WorkerEntrypoint<Env>

export default {
  fetch: () => new Response('ok'),
}
