import {
	DurableObject,
	env as bindings,
} from "cloudflare:workers";

export class Store extends DurableObject<Env> {}

export default {
	fetch: () => new Response(String(typeof bindings)),
};
