import { WorkerEntrypoint } from "cloudflare:workers";

export class Room extends WorkerEntrypoint {
  async fetch(): Promise<Response> {
    return new Response("room");
  }
}

export default {
  async fetch(): Promise<Response> {
    return new Response("rooms");
  },
};
