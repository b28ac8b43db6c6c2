import type { WorkerEntrypoint } from 'cloudflare:workers'
import { WorkerEntrypoint as BaseEntrypoint } from 'cloudflare:workers'

export type Entrypoint = WorkerEntrypoint<Env>

export default class ApiMom extends BaseEntrypoint {
  fetch() {
    return new Response('ok')
  }
}
