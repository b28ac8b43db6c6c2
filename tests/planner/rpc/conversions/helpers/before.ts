const worker = {
  async fetch(request: Request, env: Env): Promise<Response> {
    const greet = () => this.greet(env, new URL(request.url).pathname);
    return new Response([greet(), worker.count("ab")].join());
  },

  greet(env: Env, path: string) {
    return `${env.NAME} ${path} ${this.count(path)}`;
  },

  count: (text: string): number => text.length,
};

export default worker;
