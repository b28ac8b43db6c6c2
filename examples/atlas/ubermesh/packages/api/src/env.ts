export interface Env {
	DB: D1Database;
	BLOBS: R2Bucket;
	CACHE: KVNamespace;
	APIMOM: Fetcher;
}
