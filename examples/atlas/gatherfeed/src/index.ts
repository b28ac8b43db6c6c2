interface Env {
	DB: D1Database;
	FEEDS: string[];
}

/** The part of a JSON Feed (jsonfeed.org) that is read here. */
interface Feed {
	items: { id: string; url?: string; title?: string }[];
}

export default {
	async fetch(request: Request, env: Env): Promise<Response> {
		const { pathname, searchParams } = new URL(request.url);
		if (pathname !== "/items") {
			return new Response("Not Found", { status: 404 });
		}
		const { results } = await env.DB.prepare(
			"SELECT url, title FROM items WHERE seen_at >= ? ORDER BY seen_at LIMIT 100",
		)
			.bind(searchParams.get("since") ?? "")
			.all();
		return Response.json(results);
	},

	async scheduled(controller: ScheduledController, env: Env): Promise<void> {
		const seenAt = new Date(controller.scheduledTime).toISOString();
		const outcomes = await Promise.allSettled(env.FEEDS.map((feed) => gather(feed, seenAt, env)));
		for (const outcome of outcomes) {
			if (outcome.status === "rejected") {
				console.error(outcome.reason);
			}
		}
	},
};

/** Adds the feed's items that were never seen before. */
async function gather(feed: string, seenAt: string, env: Env): Promise<void> {
	const response = await fetch(feed, { headers: { accept: "application/feed+json" } });
	if (!response.ok) {
		throw new Error(`${feed} answered with status ${response.status}`);
	}
	const { items } = await response.json<Feed>();
	if (items.length === 0) {
		return;
	}
	const insert = env.DB.prepare(
		"INSERT OR IGNORE INTO items (url, title, seen_at) VALUES (?, ?, ?)",
	);
	await env.DB.batch(
		items.map(({ id, url, title }) => insert.bind(url ?? id, title ?? "", seenAt)),
	);
}
