interface Env {
	USER_AGENT: string;
}

interface Page {
	url: string;
	title: string;
	text: string;
}

const MAX_TEXT_LENGTH = 100_000;

export default {
	async fetch(request, env) {
		const { pathname } = new URL(request.url);
		if (request.method !== "POST" || pathname !== "/read") {
			return new Response("Not Found", { status: 404 });
		}

		const { url } = await request.json<{ url: string }>();
		const response = await fetch(url, { headers: { "user-agent": env.USER_AGENT } });
		const type = response.headers.get("content-type") ?? "";
		if (!response.ok || !type.startsWith("text/html")) {
			return Response.json(
				{ error: `${url} answered with status ${response.status} and type "${type}"` },
				{ status: 502 },
			);
		}
		return Response.json(await readPage(response));
	},
} satisfies ExportedHandler<Env>;

/** The page's title, and the text of its headings, paragraphs and list items. */
async function readPage(response: Response): Promise<Page> {
	let title = "";
	let text = "";

	const reader = new HTMLRewriter()
		.on("head > title", {
			text(chunk) {
				title += chunk.text;
			},
		})
		.on("h1, h2, h3, p, li", {
			element(element) {
				element.onEndTag(() => {
					text += "\n";
				});
			},
			text(chunk) {
				text += chunk.text;
			},
		});
	// The rewriter runs as the body is read; what it would write is of no use here.
	await reader.transform(response).body?.pipeTo(new WritableStream());

	return { url: response.url, title: title.trim(), text: text.slice(0, MAX_TEXT_LENGTH).trim() };
}
