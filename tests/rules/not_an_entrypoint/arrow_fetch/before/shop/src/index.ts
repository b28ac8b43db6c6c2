import { WorkerEntrypoint } from "cloudflare:workers";

export default class Shop extends WorkerEntrypoint {
  fetch = async (): Promise<Response> => new Response("shop");
}
