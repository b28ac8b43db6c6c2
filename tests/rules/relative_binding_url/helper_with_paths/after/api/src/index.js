export default {
  async fetch(request) {
    return new Response(`${request.method} ${request.url}`);
  },
};
