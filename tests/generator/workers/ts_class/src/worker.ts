import { WorkerEntrypoint } from 'cloudflare:workers'

interface Env {
	API: Fetcher
	ADMIN: { purge(): Promise<string> }
}

export default class Caller extends WorkerEntrypoint<Env> {
	override async fetch(incoming: Request): Promise<Response> {
		const { pathname } = new URL(incoming.url)
		return pathname === '/' ? new Response('caller') : this.env.API.fetch(incoming)
	}
}
