import { WorkerEntrypoint } from "cloudflare:workers"

/**
 * The Worker.
 * @extends {WorkerEntrypoint<{ NAME: string }>}
 */
class ApiMom extends WorkerEntrypoint {
  async fetch(request) {
    const { NAME } = this.env
    return new Response(NAME)
  }
}

export default ApiMom
