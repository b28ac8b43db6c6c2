const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

export function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);
}

/** A whole page around a list of links. */
export function page(heading: string, links: { href: string; text: string }[]): Response {
  const items = links.map(
    ({ href, text }) => `<li><a href="${escape(href)}">${escape(text)}</a></li>`,
  );
  const html = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>${escape(heading)}</title>
<h1>${escape(heading)}</h1>
<ul>
${items.join("\n")}
</ul>
</html>`;
  return new Response(html, { headers: { "content-type": "text/html; charset=utf-8" } });
}
