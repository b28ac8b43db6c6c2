export default {
  async fetch(): Promise<Response> {
    return new Response("prices");
  },

  total(item: string, env: unknown): string {
    return `${typeof env} ${item}`;
  },
};
