import { WorkerEntrypoint } from "cloudflare:workers";

interface Job {
	id: number;
}

const seen: number[] = [];

export default class ApiMom extends WorkerEntrypoint<Env> {
	async fetch(request: Request) {
		const { env } = this;
		this.ctx.waitUntil(Promise.resolve(env.NAME));
		return new Response(`${request.method} ${env.OTHER} ${seen.join()}`);
	}

	async scheduled(controller: ScheduledController) {
		seen.push(controller.cron.length + this.env.NAME.length);
	}

	async queue(batch: MessageBatch<Job>) {
		const { LIMITS } = this.env;
		for (const message of batch.messages) seen.push(message.body.id + (LIMITS.a ?? 0));
		this.ctx.waitUntil(Promise.resolve());
	}
}
