const worker = {
  async fetch(request: Request, env: Env): Promise<Response> {
    return new Response(env.NAME + request.method);
  },
};

export default worker satisfies ExportedHandler<Env>;
