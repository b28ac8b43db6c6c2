interface Env {
	BUCKET: R2Bucket;
}

export default {
	async fetch(request: Request, env: Env): Promise<Response> {
		const { pathname } = new URL(request.url);
		const [, area, ...segments] = pathname.split("/");
		const key = segments.join("/");
		if (area !== "objects" || key === "") {
			return new Response("Not Found", { status: 404 });
		}

		switch (request.method) {
			case "GET":
				return read(key, request, env);
			case "PUT": {
				const { httpEtag } = await env.BUCKET.put(key, request.body, {
					httpMetadata: request.headers,
				});
				return new Response(null, { status: 201, headers: { etag: httpEtag } });
			}
			case "DELETE":
				await env.BUCKET.delete(key);
				return new Response(null, { status: 204 });
			default:
				return new Response(null, { status: 405, headers: { allow: "GET, PUT, DELETE" } });
		}
	},
};

async function read(key: string, request: Request, env: Env): Promise<Response> {
	const object = await env.BUCKET.get(key, { onlyIf: request.headers });
	if (object === null) {
		return new Response("Not Found", { status: 404 });
	}
	const headers = new Headers({ etag: object.httpEtag });
	object.writeHttpMetadata(headers);
	if ("body" in object) {
		return new Response(object.body, { headers });
	}
	const status = request.headers.has("if-none-match") ? 304 : 412;
	return new Response(null, { status, headers });
}
