import { Service } from "./service";
import { DurableObject } from "cloudflare:workers";

export class Counter extends DurableObject {
  async fetch(): Promise<Response> {
    return new Response("counted");
  }
}

class Target extends Service {}
export { Target as default };
