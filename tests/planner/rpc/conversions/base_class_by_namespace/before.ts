import * as runtime from "cloudflare:workers";

export class Store extends runtime.DurableObject<Env> {}

export default {
  fetch: () => new Response("ok"),
};
