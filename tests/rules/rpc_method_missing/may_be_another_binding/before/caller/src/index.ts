interface Env {
  MAIL: any;
  POST: any;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const service = request.url.endsWith("/post") ? env.POST : env.MAIL;
    return new Response(await service.send("hello"));
  },
};
