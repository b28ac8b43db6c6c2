interface Env {
  CATALOGUE: Fetcher;
  SEATS: Fetcher;
  ORDERS: Fetcher;
}

export default {
  async fetch(request, env) {
    const [, area, show] = new URL(request.url).pathname.split("/");
    if (area === "orders") {
      return env.ORDERS.fetch(request);
    }
    if (area !== "shows" || request.method !== "GET") {
      return new Response("Not Found", { status: 404 });
    }
    return show === undefined ? env.CATALOGUE.fetch(request) : readShow(show, env);
  },
} satisfies ExportedHandler<Env>;

/** A show of the catalogue, with the seats that are left. */
async function readShow(id: string, env: Env): Promise<Response> {
  const found = await env.CATALOGUE.fetch(`http://catalogue/shows/${id}`);
  if (!found.ok) {
    return found;
  }
  const show = await found.json<Record<string, unknown>>();
  const seats = await env.SEATS.fetch(`http://seats/shows/${id}`);
  return Response.json({ ...show, free: await seats.json() });
}
