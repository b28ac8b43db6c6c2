interface Env {
  API_MOM: string;
  API_MOM_SERVICE: Fetcher;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return env.API_MOM_SERVICE.fetch(`https://api-mom.example.workers.dev/${env.API_MOM}/blurbs`);
  },
};
