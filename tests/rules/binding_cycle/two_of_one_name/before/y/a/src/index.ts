export default {
  async fetch(): Promise<Response> {
    return new Response("y/a");
  },
};
