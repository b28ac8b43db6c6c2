import { readBudget, recordCall } from "./budget";
import type { Env } from "./env";

interface ProviderAccess {
	origin: string;
	credentials(env: Env): Record<string, string>;
}

export const PROVIDERS = {
	anthropic: {
		origin: "https://api.anthropic.com",
		credentials: (env) => ({
			"x-api-key": env.ANTHROPIC_API_KEY,
			"anthropic-version": "2023-06-01",
		}),
	},
	openai: {
		origin: "https://api.openai.com",
		credentials: (env) => ({ authorization: `Bearer ${env.OPENAI_API_KEY}` }),
	},
} satisfies Record<string, ProviderAccess>;

export type Provider = keyof typeof PROVIDERS;

export function isProvider(name: string): name is Provider {
	return Object.hasOwn(PROVIDERS, name);
}

/** Sends a call on to a provider with our key, as long as the month's budget lasts. */
export async function callProvider(
	provider: Provider,
	path: string,
	request: Request,
	env: Env,
	ctx: ExecutionContext,
): Promise<Response> {
	const { remaining } = await readBudget(env);
	if (remaining === 0) {
		return Response.json({ error: "This month's budget is spent." }, { status: 429 });
	}

	const { origin, credentials } = PROVIDERS[provider];
	const response = await fetch(`${origin}/${path}`, {
		method: request.method,
		headers: { "content-type": "application/json", ...credentials(env) },
		body: request.body,
	});
	if (response.ok) {
		ctx.waitUntil(recordCall(provider, env));
	}
	return response;
}
