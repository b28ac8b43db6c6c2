import { DurableObject } from "cloudflare:workers";

export class Counter extends DurableObject {
  async fetch(): Promise<Response> {
    return new Response("counted");
  }
}

export default withLogs({
  fetch: () => new Response("target"),
});

function withLogs(inner: ExportedHandler): ExportedHandler {
  return inner;
}
