import { page } from "./html";

interface Env {
  UBERMESH: Fetcher;
}

export default {
  async fetch(request, env) {
    const [, area = "", name] = new URL(request.url).pathname.split("/");
    if (area === "") {
      return showTypes(env);
    }
    if (area === "types" && name !== undefined) {
      return showContent(decodeURIComponent(name), env);
    }
    if (area === "content" && name !== undefined) {
      return env.UBERMESH.fetch(`http://ubermesh/api/content/${name}`);
    }
    return new Response("Not Found", { status: 404 });
  },
} satisfies ExportedHandler<Env>;

async function showTypes(env: Env): Promise<Response> {
  const response = await env.UBERMESH.fetch("http://ubermesh/api/types");
  const types = await response.json<{ type: string; count: number }[]>();
  return page(
    "Gallery",
    types.map(({ type, count }) => ({
      href: `/types/${encodeURIComponent(type)}`,
      text: `${type} (${count})`,
    })),
  );
}

async function showContent(type: string, env: Env): Promise<Response> {
  const response = await env.UBERMESH.fetch(
    `http://ubermesh/api/content?type=${encodeURIComponent(type)}`,
  );
  const content = await response.json<{ hash: string; title: string | null }[]>();
  return page(
    type,
    content.map(({ hash, title }) => ({ href: `/content/${hash}`, text: title ?? "Untitled" })),
  );
}
