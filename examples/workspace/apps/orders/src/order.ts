import { DurableObject } from "cloudflare:workers";
import type { Env } from "./env";

export interface Placed {
  number: string;
  show: string;
  title: string;
  at: string;
  seats: string[];
  total: number;
}

/** One order, under its number. */
export class Order extends DurableObject<Env> {
  async place(order: Placed): Promise<void> {
    await this.ctx.storage.put("placed", order);
  }

  async read(): Promise<Placed | undefined> {
    return this.ctx.storage.get<Placed>("placed");
  }

  async cancel(): Promise<void> {
    await this.ctx.storage.deleteAll();
  }
}
