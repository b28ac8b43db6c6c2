interface Env {
  GREETING: string;
}

class Shop implements ExportedHandler<Env> {
  async fetch(request: Request, env: Env, ctx: ExecutionContext): Promise<Response> {
    ctx.waitUntil(Promise.resolve());
    const load = async () => env.GREETING;
    return new Response(`${env.GREETING} ${await load()}`);
  }
}

export default Shop;
