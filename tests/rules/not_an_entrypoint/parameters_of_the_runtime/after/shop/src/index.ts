import { WorkerEntrypoint } from "cloudflare:workers";

interface Env {
  GREETING: string;
}

class Shop extends WorkerEntrypoint<Env> implements ExportedHandler<Env> {
  async fetch(request: Request): Promise<Response> {
    const { env } = this;
    this.ctx.waitUntil(Promise.resolve());
    const load = async () => env.GREETING;
    return new Response(`${env.GREETING} ${await load()}`);
  }
}

export default Shop;
