import { listContent, listTypes, readContent, storeContent } from "./content";
import type { Env } from "./env";
import { titleUntitled } from "./titles";

export default {
	async fetch(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
		const { pathname, searchParams } = new URL(request.url);
		const [, api, area, hash] = pathname.split("/");
		if (api !== "api") {
			return new Response("Not Found", { status: 404 });
		}

		switch (`${request.method} ${area}`) {
			case "GET types":
				return Response.json(await listTypes(env, ctx));
			case "GET content":
				return hash === undefined
					? Response.json(await listContent(searchParams.get("type"), env))
					: readContent(hash, env);
			case "POST content": {
				const type = searchParams.get("type") ?? "note";
				const stored = await storeContent(type, searchParams.get("title"), request, env);
				return Response.json({ hash: stored }, { status: 201 });
			}
			default:
				return new Response("Not Found", { status: 404 });
		}
	},

	async scheduled(controller: ScheduledController, env: Env): Promise<void> {
		const titled = await titleUntitled(env);
		console.log(`${controller.cron}: gave ${titled} titles`);
	},
};
