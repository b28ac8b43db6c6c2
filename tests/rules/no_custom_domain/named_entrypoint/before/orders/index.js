import { WorkerEntrypoint } from "cloudflare:workers";

export class Orders extends WorkerEntrypoint {
  async fetch() {
    return new Response("orders");
  }

  async place(order) {
    return order.id;
  }
}

export default {
  async fetch(request) {
    return new Response(`order ${await request.text()}`);
  },
};
