import { WorkerEntrypoint } from "cloudflare:workers";

export default class Site extends WorkerEntrypoint {
  async fetch(request: Request) {
    if (request.method !== "GET") {
      return;
    }
    return new Response("hello");
  }
}

export const Admin = {
  fetch(request: Request) {
    console.log(request.url);
  },
};
