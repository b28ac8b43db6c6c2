export interface Env {
  API: Fetcher;
  "my-binding": Fetcher;
  ADMIN: { purge(): Promise<string> };
  ROOMS: DurableObjectNamespace;
}
