interface Env {
  OAUTH_PROVIDER: OAuthHelpers;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return Response.json(await env.OAUTH_PROVIDER.parseAuthRequest(request));
  },
};
