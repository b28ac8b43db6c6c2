import { DurableObject } from "cloudflare:workers";
import type { Env } from "./env";

/** What can be asked for by name, and the provider and model that serve it. */
export type Capability = {
	name: string;
	provider: string;
	model: string;
};

/** Provider routing. One object holds the whole registry. */
export class CapabilityRegistryDO extends DurableObject<Env> {
	constructor(ctx: DurableObjectState, env: Env) {
		super(ctx, env);
		ctx.storage.sql.exec(`CREATE TABLE IF NOT EXISTS capabilities (
			name TEXT PRIMARY KEY,
			provider TEXT NOT NULL,
			model TEXT NOT NULL
		)`);
	}

	async find(name: string): Promise<Capability | null> {
		const rows = this.ctx.storage.sql
			.exec<Capability>("SELECT name, provider, model FROM capabilities WHERE name = ?", name)
			.toArray();
		return rows[0] ?? null;
	}

	async register({ name, provider, model }: Capability): Promise<void> {
		this.ctx.storage.sql.exec(
			"INSERT OR REPLACE INTO capabilities (name, provider, model) VALUES (?, ?, ?)",
			name,
			provider,
			model,
		);
	}
}
