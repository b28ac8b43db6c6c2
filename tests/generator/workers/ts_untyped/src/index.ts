export default {
  fetch: async (request: Request, env: any): Promise<Response> => {
    const { pathname } = new URL(request.url);
    return pathname === "/" ? new Response("caller") : env.API.fetch(request);
  },
};
