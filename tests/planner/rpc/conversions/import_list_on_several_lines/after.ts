import {
	DurableObject,
	env as bindings,
	WorkerEntrypoint,
} from "cloudflare:workers";

export class Store extends DurableObject<Env> {}

export default class ApiMom extends WorkerEntrypoint {
	fetch() {
		return new Response(String(typeof bindings));
	}
}
