import { WorkerEntrypoint } from "cloudflare:workers";

export default class Orders extends WorkerEntrypoint {
  async fetch() {
    return new Response("orders");
  }

  async place(order) {
    return order.id;
  }
}
