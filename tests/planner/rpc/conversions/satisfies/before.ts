interface Job {
	id: number;
}

const seen: number[] = [];

export default {
	async fetch(request, env, ctx) {
		ctx.waitUntil(Promise.resolve(env.NAME));
		return new Response(`${request.method} ${env.OTHER} ${seen.join()}`);
	},

	async scheduled(controller, env) {
		seen.push(controller.cron.length + env.NAME.length);
	},

	async queue(batch, { LIMITS }, ctx) {
		for (const message of batch.messages) seen.push(message.body.id + (LIMITS.a ?? 0));
		ctx.waitUntil(Promise.resolve());
	},
} satisfies ExportedHandler<Env, Job>;
