import { WorkerEntrypoint } from "cloudflare:workers";

export class Shop extends WorkerEntrypoint {
  total(item: string, amount: number): string {
    return `${amount} ${item}`;
  }
}

export default {
  async fetch(): Promise<Response> {
    return new Response("prices");
  },
};
