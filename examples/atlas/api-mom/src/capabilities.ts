import type { Capability } from "./capability-registry-do";
import type { Env } from "./env";

/** GET finds a capability, PUT registers or replaces it. */
export async function handleCapability(
	request: Request,
	name: string,
	env: Env,
): Promise<Response> {
	const registry = env.CAPABILITY_REGISTRY.getByName("registry");

	switch (request.method) {
		case "GET": {
			const capability = await registry.find(name);
			return capability
				? Response.json(capability)
				: Response.json({ error: `Nothing offers ${name}.` }, { status: 404 });
		}
		case "PUT": {
			const { provider, model } = await request.json<Omit<Capability, "name">>();
			await registry.register({ name, provider, model });
			return new Response(null, { status: 204 });
		}
		default:
			return new Response(null, { status: 405, headers: { allow: "GET, PUT" } });
	}
}
