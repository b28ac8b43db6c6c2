interface Env {
  API_MOM: string;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return fetch(`https://api-mom.example.workers.dev/${env.API_MOM}/blurbs`);
  },
};
