interface Env {
  UBERMESH: Fetcher;
  API_MOM: Fetcher;
}

interface Book {
  hash: string;
  title: string | null;
}

interface Message {
  content: { type: string; text?: string }[];
}

const OPENING = 4000;

export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (pathname === "/") {
      return showDesk(env);
    }

    const [, hash, action] = /^\/books\/([0-9a-f]{64})(\/blurb)?$/.exec(pathname) ?? [];
    if (hash === undefined) {
      return new Response("Not Found", { status: 404 });
    }
    const book = await env.UBERMESH.fetch(`http://ubermesh/api/content/${hash}`);
    if (action === undefined || !book.ok) {
      return book;
    }
    return request.method === "POST"
      ? writeBlurb(await book.text(), env)
      : new Response(null, { status: 405, headers: { allow: "POST" } });
  },
} satisfies ExportedHandler<Env>;

/** What an editor wants to see first: the books, and how many blurbs can still be had this month. */
async function showDesk(env: Env): Promise<Response> {
  const [books, budget] = await Promise.all([
    env.UBERMESH.fetch("http://ubermesh/api/content?type=book"),
    env.API_MOM.fetch("http://api-mom/v1/budget"),
  ]);
  const { remaining } = await budget.json<{ remaining: number }>();
  return Response.json({ books: await books.json<Book[]>(), blurbsLeft: remaining });
}

async function writeBlurb(book: string, env: Env): Promise<Response> {
  const response = await env.API_MOM.fetch("http://api-mom/v1/anthropic/v1/messages", {
    method: "POST",
    body: JSON.stringify({
      model: "claude-haiku-4-5",
      max_tokens: 300,
      messages: [
        {
          role: "user",
          content: `Write a blurb for the book that opens so:\n\n${book.slice(0, OPENING)}`,
        },
      ],
    }),
  });
  if (!response.ok) {
    return response;
  }
  const { content } = await response.json<Message>();
  return new Response(content.map(({ text = "" }) => text).join(""));
}
