import { WorkerEntrypoint } from "cloudflare:workers";

export default class Shop extends WorkerEntrypoint {
  async fetch(): Promise<Response> {
    return new Response("shop");
  }

  total(item: string, amount: number): string {
    return `${amount} ${item}`;
  }
}
