import { WorkerEntrypoint } from "cloudflare:workers";

const request = { url: "" };

function fetch(asked: Request, env: Env) {
	request.url = asked.url;
	return new Response(`${request.url} ${env.NAME}`);
}

export default class ApiMom extends WorkerEntrypoint<Env> {
	fetch(request: Request) {
		return fetch(request, this.env);
	}
}
