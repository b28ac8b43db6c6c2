interface Env {
  API_MOM_URL: string;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return fetch(`${env.API_MOM_URL}/v1/blurbs`, { method: request.method });
  },
};
