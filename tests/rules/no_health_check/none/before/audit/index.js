export default {
  async fetch(request) {
    return new Response(`noted ${await request.text()}`);
  },
};
