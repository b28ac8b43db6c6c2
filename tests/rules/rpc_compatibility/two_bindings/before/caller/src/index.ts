interface Env {
  MAIL: any;
  POST: any;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return new Response((await env.MAIL.send("a")) + (await env.POST.send("b")));
  },
};
