import type { Env } from "./env";

/** Asks a model, by way of API Mom, for titles of notes that have none. Returns how many it gave. */
export async function titleUntitled(env: Env): Promise<number> {
	const { results } = await env.DB.prepare(
		"SELECT hash FROM content WHERE title IS NULL AND type = 'note' LIMIT 20",
	).all<{ hash: string }>();

	let titled = 0;
	for (const { hash } of results) {
		const note = await env.BLOBS.get(hash);
		const title = note && (await suggestTitle(await note.text(), env));
		if (title) {
			await env.DB.prepare("UPDATE content SET title = ? WHERE hash = ?").bind(title, hash).run();
			titled += 1;
		}
	}
	return titled;
}

async function suggestTitle(note: string, env: Env): Promise<string | undefined> {
	const response = await env.APIMOM.fetch("http://api-mom/v1/openai/v1/chat/completions", {
		method: "POST",
		body: JSON.stringify({
			model: "gpt-4o-mini",
			messages: [{ role: "user", content: `Give this note a title of six words:\n\n${note}` }],
		}),
	});
	if (!response.ok) {
		console.warn(`No title: API Mom answered with status ${response.status}`);
		return undefined;
	}
	const { choices } = await response.json<{ choices: { message: { content: string } }[] }>();
	return choices[0]?.message.content.trim();
}
