export const Shop = {
  total(item: string, amount: number): string {
    return `${amount} ${item}`;
  },
};

export default {
  async fetch(): Promise<Response> {
    return new Response("prices");
  },
};
