export default {
  async fetch(): Promise<Response> {
    return new Response("prices");
  },

  refresh(): void {},

  total(item: string, amount: number): string {
    return `${amount} ${item}`;
  },
};
