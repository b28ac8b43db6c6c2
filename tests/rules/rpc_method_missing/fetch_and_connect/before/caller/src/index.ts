interface Env {
  MAIL: any;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return env.MAIL.fetch("https://mail/");
  },
};
