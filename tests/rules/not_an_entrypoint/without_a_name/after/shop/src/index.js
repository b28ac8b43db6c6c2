import { WorkerEntrypoint } from "cloudflare:workers"

export default class extends WorkerEntrypoint {
	async fetch(request) {
		const { GREETING } = this.env
		return new Response(GREETING)
	}
}
