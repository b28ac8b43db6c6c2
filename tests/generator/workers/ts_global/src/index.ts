const handler: ExportedHandler<Env> = {
  async fetch(request: Request, env: Env) {
    const { pathname } = new URL(request.url);
    return pathname === "/" ? new Response("caller") : env.API.fetch(request);
  },
};

export default handler;
