interface Env {
  AUTH: Service<typeof import("../../auth/src/index").default>;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return Response.json(await env.AUTH.verify("token"));
  },
};
