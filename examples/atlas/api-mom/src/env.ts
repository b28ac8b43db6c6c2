import type { CapabilityRegistryDO } from "./capability-registry-do";
import type { IndexingJob } from "./indexing";
import type { RunnerDO } from "./runner-do";

export interface Env {
	DB: D1Database;
	INDEXING: Queue<IndexingJob>;

	CAPABILITY_REGISTRY: DurableObjectNamespace<CapabilityRegistryDO>;
	RUNNER_DO: DurableObjectNamespace<RunnerDO>;

	BROWSER_AGENT: Fetcher;
	GATHERFEED: Fetcher;
	SCALABLE_MEDIA: Fetcher;

	MONTHLY_CALL_LIMIT: number;
	ANTHROPIC_API_KEY: string;
	OPENAI_API_KEY: string;
}
