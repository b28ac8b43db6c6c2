import { DurableObject } from "cloudflare:workers";

export class Counter extends DurableObject {
  async fetch(): Promise<Response> {
    return new Response("counted");
  }
}

const handler = {
  async fetch(): Promise<Response> {
    return new Response("target");
  },
};

export default handler;
export { handler as Http };
