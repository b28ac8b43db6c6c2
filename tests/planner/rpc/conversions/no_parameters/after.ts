import { WorkerEntrypoint } from "cloudflare:workers"

export default class ApiMom extends WorkerEntrypoint {
  fetch() { return new Response("ok") }
}
