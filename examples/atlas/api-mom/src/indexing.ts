import type { Env } from "./env";

export interface IndexingJob {
	url: string;
}

/** Queues every page that GatherFeed has seen since then. It answers with 100 at most. */
export async function enqueueNewItems(since: Date, env: Env): Promise<void> {
	const response = await env.GATHERFEED.fetch(
		`http://gatherfeed/items?since=${since.toISOString()}`,
	);
	if (!response.ok) {
		throw new Error(`GatherFeed answered with status ${response.status}`);
	}
	const items = await response.json<IndexingJob[]>();
	if (items.length > 0) {
		await env.INDEXING.sendBatch(items.map(({ url }) => ({ body: { url } })));
	}
}

/** Has Browser Agent read a page, and keeps what it read. False: worth another try. */
export async function indexPage({ url }: IndexingJob, env: Env): Promise<boolean> {
	const response = await env.BROWSER_AGENT.fetch("http://browser-agent/read", {
		method: "POST",
		body: JSON.stringify({ url }),
	});
	if (!response.ok) {
		return false;
	}
	const { title, text } = await response.json<{ title: string; text: string }>();
	await env.DB.prepare("INSERT OR REPLACE INTO pages (url, title, text) VALUES (?, ?, ?)")
		.bind(url, title, text)
		.run();
	return true;
}
