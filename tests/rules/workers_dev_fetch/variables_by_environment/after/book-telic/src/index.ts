interface Env {
  API_MOM_URL: string;
  API_MOM: Fetcher;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return env.API_MOM.fetch(`${env.API_MOM_URL}/v1/blurbs`, { method: request.method });
  },
};
