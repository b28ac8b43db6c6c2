import { DurableObject } from "cloudflare:workers";

export class Counter extends DurableObject {
  async fetch(): Promise<Response> {
    return new Response("counted");
  }
}
interface Env {
  TARGET: Fetcher;
}

const handler = {
  async fetch(request: Request, env: Env): Promise<Response> {
    return env.TARGET.fetch("http://target/");
  },
};

export default handler;
export { handler as Http };
