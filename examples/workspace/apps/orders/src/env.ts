import type { Order } from "./order";

export interface Env {
  METRICS: AnalyticsEngineDataset;
  ORDER: DurableObjectNamespace<Order>;
  CANCELLED: Queue<{ show: string; order: string }>;
  CATALOGUE: Fetcher;
  SEATS: Fetcher;
  TICKETS: Fetcher;
}
