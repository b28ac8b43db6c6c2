import type { Env } from "./env";

export { SeatMap } from "./seat-map";

interface Sale {
  seats: string[];
  order: string;
}

interface Cancellation {
  show: string;
  order: string;
}

export default {
  // GET /shows/<show> lists the free seats, POST sells some of them.
  async fetch(request: Request, env: Env): Promise<Response> {
    const [, area, show] = new URL(request.url).pathname.split("/");
    if (area !== "shows" || show === undefined) {
      return new Response("Not Found", { status: 404 });
    }
    const map = env.SEAT_MAP.getByName(show);
    if (request.method === "GET") {
      return Response.json(await map.free());
    }
    const { seats, order } = await request.json<Sale>();
    const sold = await map.sell(seats, order);
    return new Response(null, { status: sold ? 204 : 409 });
  },

  async queue(batch: MessageBatch<Cancellation>, env: Env): Promise<void> {
    for (const { body } of batch.messages) {
      await env.SEAT_MAP.getByName(body.show).release(body.order);
    }
  },
};
