import { blurbs, title, type Bindings } from "./client";

export default {
  async fetch(request: Request, env: Bindings): Promise<Response> {
    return new Response(title() + (await blurbs({ env })).status);
  },
};
