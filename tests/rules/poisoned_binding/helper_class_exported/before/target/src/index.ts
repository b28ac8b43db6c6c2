export class HttpError extends Error {}
export class Router {}

export default {
  async fetch(): Promise<Response> {
    return new Response("target");
  },
};
