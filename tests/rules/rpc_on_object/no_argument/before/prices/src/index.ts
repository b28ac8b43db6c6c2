export default {
  async fetch(): Promise<Response> {
    return new Response("prices");
  },

  total(): string {
    return "nothing";
  },
};
