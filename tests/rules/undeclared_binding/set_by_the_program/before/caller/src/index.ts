interface Env {
  AUTH: { fetch(url: string): Promise<Response> };
}

const handle = (env: Env) => env.AUTH.fetch("https://auth/");

export default {
  async fetch(request: Request, env: object): Promise<Response> {
    return handle({ ...env, AUTH: { fetch: async () => new Response("none") } });
  },
};
