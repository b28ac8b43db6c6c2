export default {
  async fetch(request: Request): Promise<Response> {
    return new Response(`api-mom was asked for ${new URL(request.url).pathname}`);
  },
};
