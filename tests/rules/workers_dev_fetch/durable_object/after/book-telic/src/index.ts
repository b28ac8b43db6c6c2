import { DurableObject } from "cloudflare:workers";

interface Env {
	SHELF: DurableObjectNamespace<Shelf>;
	API_MOM: Fetcher;
}

export class Shelf extends DurableObject<Env> {
	async blurbs(titles: string[]): Promise<string[]> {
		return Promise.all(
			titles.map(async (title) => {
				const response = await this.env.API_MOM.fetch("https://api-mom.example.workers.dev/v1/blurbs", { method: "POST", body: title });
				return response.text();
			}),
		);
	}
}

export default {
	async fetch(request, env) {
		const shelf = env.SHELF.get(env.SHELF.idFromName("all"));
		return Response.json(await shelf.blurbs([request.url]));
	},
} satisfies ExportedHandler<Env>;
