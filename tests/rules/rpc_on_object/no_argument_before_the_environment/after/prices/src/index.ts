import { WorkerEntrypoint } from "cloudflare:workers";

interface Env {
  CURRENCY: string;
}

export default class Prices extends WorkerEntrypoint<Env> {
  async fetch(): Promise<Response> {
    return new Response("prices");
  }

  currency(_: unknown): string {
    return this.env.CURRENCY;
  }
}
