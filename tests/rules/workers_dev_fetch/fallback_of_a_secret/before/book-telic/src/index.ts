interface Env {
  API_MOM_URL?: string;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return fetch(`${env.API_MOM_URL ?? "https://api-mom.example.workers.dev"}/v1/blurbs`);
  },
};
