export default {
  async fetch(request) {
    return new Response(`order ${await request.text()}`);
  },
};
