import { handle } from "./handle.js";

export default {
  async fetch(request, env) {
    try {
      await handle(request, env);
    } catch (error) {
      return new Response(error.message, { status: 500 });
    }
  },
};
