interface Env {
  CURRENCY: string;
}

export default {
  async fetch(): Promise<Response> {
    return new Response("prices");
  },

  currency(_: unknown, env: Env): string {
    return env.CURRENCY;
  },
};
