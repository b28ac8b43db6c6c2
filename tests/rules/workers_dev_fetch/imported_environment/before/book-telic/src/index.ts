import { blurbs } from "./client.js";

export default {
  async fetch(): Promise<Response> {
    return new Response(await blurbs("/v1/blurbs"));
  },
};
