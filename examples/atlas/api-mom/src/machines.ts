import type { Env } from "./env";

/** POST sends a job to a local machine; anything else is the machine opening its tunnel. */
export async function handleMachine(request: Request, name: string, env: Env): Promise<Response> {
	const runner = env.RUNNER_DO.getByName(name);
	if (request.method !== "POST") {
		return runner.fetch(request);
	}
	const delivered = await runner.dispatch(await request.text());
	return delivered
		? new Response(null, { status: 202 })
		: Response.json({ error: `${name} is not connected.` }, { status: 503 });
}
