import type { SeatMap } from "./seat-map";

export interface Env {
  SEAT_MAP: DurableObjectNamespace<SeatMap>;
}
