export default {
  async fetch(): Promise<Response> {
    return new Response("prices");
  },

  total(item: string, amount: number): string {
    return `${amount} ${item}`;
  },
};
