import type { Env } from "./env";
import type { Provider } from "./providers";

export interface Budget {
	spent: number;
	limit: number;
	remaining: number;
}

/** Calls of the current month (UTC), all providers together. */
export async function readBudget(env: Env): Promise<Budget> {
	const month = today().slice(0, "2026-04".length);
	const spent = await env.DB.prepare("SELECT SUM(count) AS spent FROM calls WHERE day LIKE ?")
		.bind(`${month}-%`)
		.first<number | null>("spent");
	const limit = env.MONTHLY_CALL_LIMIT;
	return { spent: spent ?? 0, limit, remaining: Math.max(0, limit - (spent ?? 0)) };
}

export async function recordCall(provider: Provider, env: Env): Promise<void> {
	await env.DB.prepare(
		`INSERT INTO calls (day, provider, count) VALUES (?, ?, 1)
		 ON CONFLICT (day, provider) DO UPDATE SET count = count + 1`,
	)
		.bind(today(), provider)
		.run();
}

function today(): string {
	return new Date().toISOString().slice(0, "2026-04-01".length);
}
