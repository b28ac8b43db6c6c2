import { DurableObject } from "cloudflare:workers";
import type { Env } from "./env";

const HALL = ["A", "B", "C"].flatMap((row) => [1, 2, 3, 4].map((number) => `${row}${number}`));

/** The hall as it is sold for one show. */
export class SeatMap extends DurableObject<Env> {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    ctx.storage.sql.exec(
      "CREATE TABLE IF NOT EXISTS sold (seat TEXT PRIMARY KEY, order_number TEXT NOT NULL)",
    );
  }

  free(): string[] {
    const rows = this.ctx.storage.sql.exec<{ seat: string }>("SELECT seat FROM sold").toArray();
    const sold = new Set(rows.map(({ seat }) => seat));
    return HALL.filter((seat) => !sold.has(seat));
  }

  /** Sells all of the seats, or none where one of them cannot be had. */
  sell(seats: string[], order: string): boolean {
    const free = new Set(this.free());
    if (!seats.every((seat) => free.delete(seat))) {
      return false;
    }
    for (const seat of seats) {
      this.ctx.storage.sql.exec("INSERT INTO sold VALUES (?, ?)", seat, order);
    }
    return true;
  }

  release(order: string): void {
    this.ctx.storage.sql.exec("DELETE FROM sold WHERE order_number = ?", order);
  }
}
