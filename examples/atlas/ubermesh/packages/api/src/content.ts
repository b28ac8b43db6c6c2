import type { Env } from "./env";

export interface Content {
	hash: string;
	type: string;
	title: string | null;
}

export interface TypeCount {
	type: string;
	count: number;
}

export async function listTypes(env: Env, ctx: ExecutionContext): Promise<TypeCount[]> {
	const cached = await env.CACHE.get<TypeCount[]>("types", "json");
	if (cached) {
		return cached;
	}
	const { results } = await env.DB.prepare(
		"SELECT type, COUNT(*) AS count FROM content GROUP BY type ORDER BY type",
	).all<TypeCount>();
	ctx.waitUntil(env.CACHE.put("types", JSON.stringify(results), { expirationTtl: 300 }));
	return results;
}

/** All content, or that of one type. */
export async function listContent(type: string | null, env: Env): Promise<Content[]> {
	const { results } = await env.DB.prepare(
		"SELECT hash, type, title FROM content WHERE type = coalesce(?, type) ORDER BY title LIMIT 500",
	)
		.bind(type)
		.all<Content>();
	return results;
}

export async function readContent(hash: string, env: Env): Promise<Response> {
	const blob = await env.BLOBS.get(hash);
	if (blob === null) {
		return new Response("Not Found", { status: 404 });
	}
	// A hash names one sequence of bytes for ever.
	const headers = new Headers({ "cache-control": "public, max-age=31536000, immutable" });
	blob.writeHttpMetadata(headers);
	return new Response(blob.body, { headers });
}

/** Stores the request's body under its SHA-256, which is returned in hexadecimal. */
export async function storeContent(
	type: string,
	title: string | null,
	request: Request,
	env: Env,
): Promise<string> {
	const bytes = await request.arrayBuffer();
	const hash = hexadecimal(await crypto.subtle.digest("SHA-256", bytes));
	await env.BLOBS.put(hash, bytes, { httpMetadata: request.headers });
	await env.DB.prepare("INSERT OR IGNORE INTO content (hash, type, title) VALUES (?, ?, ?)")
		.bind(hash, type, title)
		.run();
	return hash;
}

function hexadecimal(bytes: ArrayBuffer): string {
	return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
