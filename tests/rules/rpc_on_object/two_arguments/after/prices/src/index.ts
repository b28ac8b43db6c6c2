import { WorkerEntrypoint } from "cloudflare:workers";

export default class Prices extends WorkerEntrypoint {
  async fetch(): Promise<Response> {
    return new Response("prices");
  }

  total(item: string, amount: number): string {
    return `${amount} ${item}`;
  }
}
