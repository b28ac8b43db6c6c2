interface Env {
  TITLE: string;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return fetch("https://0a1b2c3d-api-mom.example.workers.dev/v1/blurbs");
  },
};
