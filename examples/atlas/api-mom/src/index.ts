import { readBudget } from "./budget";
import { handleCapability } from "./capabilities";
import type { Env } from "./env";
import { enqueueNewItems, indexPage, type IndexingJob } from "./indexing";
import { handleMachine } from "./machines";
import { callProvider, isProvider, PROVIDERS } from "./providers";

export { CapabilityRegistryDO } from "./capability-registry-do";
export { RunnerDO } from "./runner-do";

const HOUR = 60 * 60 * 1000;

export default {
	async fetch(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
		const { pathname, search } = new URL(request.url);
		if (pathname === "/health") {
			return Response.json({ ok: true, providers: Object.keys(PROVIDERS) });
		}

		const [, version, area = "", name = "", ...rest] = pathname.split("/");
		if (version !== "v1") {
			return new Response("Not Found", { status: 404 });
		}
		switch (area) {
			case "budget":
				return Response.json(await readBudget(env));
			case "capabilities":
				return handleCapability(request, name, env);
			case "machines":
				return handleMachine(request, name, env);
			case "images":
				return env.SCALABLE_MEDIA.fetch(`http://scalable-media/images/${name}${search}`);
		}
		return isProvider(area)
			? callProvider(area, [name, ...rest].join("/"), request, env, ctx)
			: new Response("Not Found", { status: 404 });
	},

	async scheduled(controller: ScheduledController, env: Env): Promise<void> {
		await enqueueNewItems(new Date(controller.scheduledTime - HOUR), env);
	},

	async queue(batch: MessageBatch<IndexingJob>, env: Env): Promise<void> {
		for (const message of batch.messages) {
			if (await indexPage(message.body, env)) {
				message.ack();
			} else {
				message.retry({ delaySeconds: 60 });
			}
		}
	},
};
