import { SHOWS } from "./shows.js";

export default {
  /** @param {Request} request */
  async fetch(request) {
    const [, area, id] = new URL(request.url).pathname.split("/");
    if (area !== "shows") {
      return new Response("Not Found", { status: 404 });
    }
    if (id === undefined) {
      return Response.json(SHOWS);
    }
    const show = SHOWS.find((show) => show.id === id);
    return show ? Response.json(show) : new Response("Not Found", { status: 404 });
  },
};
