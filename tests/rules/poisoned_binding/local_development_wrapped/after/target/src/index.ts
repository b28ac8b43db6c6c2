import { DurableObject } from "cloudflare:workers";

export class Counter extends DurableObject {
  async fetch(): Promise<Response> {
    return new Response("counted");
  }
}

const handler = withLogs({
  fetch: () => new Response("target"),
});

export default handler;
export { handler as Http };

function withLogs(inner: ExportedHandler): ExportedHandler {
  return inner;
}
