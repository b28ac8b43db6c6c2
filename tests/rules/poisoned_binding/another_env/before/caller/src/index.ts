export default {
  async fetch(): Promise<Response> {
    const url = process.env.TARGET.fetch;
    return new Response(String(url));
  },
};
