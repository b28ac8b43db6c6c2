interface Env {
  MAIL: any;
  CACHE: KVNamespace;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const store = request.url.endsWith("/cached") ? env.CACHE : env.MAIL;
    return new Response(await store.get("key"));
  },
};
