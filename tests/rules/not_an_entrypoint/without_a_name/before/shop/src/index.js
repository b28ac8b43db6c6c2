export default class {
	async fetch(request, env) {
		const { GREETING } = env
		return new Response(GREETING)
	}
}
