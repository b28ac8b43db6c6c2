import { createRequestHandler } from "react-router";

const handle = createRequestHandler(() => import("virtual:react-router/server-build"));

export default {
  async fetch(request: Request): Promise<Response> {
    return handle(request);
  },
};
