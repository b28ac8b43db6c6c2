import type { Env } from "./env";
import { withMetrics } from "./metrics";
import type { Placed } from "./order";

export { Order } from "./order";

export default withMetrics({
  async fetch(request: Request, env: Env) {
    const [, , number, part] = new URL(request.url).pathname.split("/");
    if (number === undefined) {
      return request.method === "POST" ? place(request, env) : notFound();
    }
    const order = await env.ORDER.getByName(number).read();
    if (order === undefined) {
      return notFound();
    }
    switch (`${request.method} ${part ?? ""}`) {
      case "GET ":
        return Response.json(order);
      case "GET ticket":
        return env.TICKETS.fetch("http://tickets/", {
          method: "POST",
          body: JSON.stringify(order),
        });
      case "DELETE ":
        return cancel(order, env);
      default:
        return notFound();
    }
  },
});

async function place(request: Request, env: Env): Promise<Response> {
  const { show, seats } = await request.json<{ show: string; seats: string[] }>();
  const found = await env.CATALOGUE.fetch(`http://catalogue/shows/${encodeURIComponent(show)}`);
  if (!found.ok) {
    return Response.json({ error: `There is no show ${show}.` }, { status: 422 });
  }
  const { title, at, price } = await found.json<{ title: string; at: string; price: number }>();

  const number = crypto.randomUUID();
  const sold = await env.SEATS.fetch(`http://seats/shows/${show}`, {
    method: "POST",
    body: JSON.stringify({ seats, order: number }),
  });
  if (!sold.ok) {
    return Response.json({ error: "Not all of these seats are free." }, { status: 409 });
  }

  const order = { number, show, title, at, seats, total: price * seats.length };
  await env.ORDER.getByName(number).place(order);
  return Response.json(order, { status: 201 });
}

/** The seats are free again as soon as the queue gets round to it. */
async function cancel({ number, show }: Placed, env: Env): Promise<Response> {
  await env.CANCELLED.send({ show, order: number });
  await env.ORDER.getByName(number).cancel();
  return new Response(null, { status: 204 });
}

function notFound(): Response {
  return new Response("Not Found", { status: 404 });
}
