interface Env {
  TITLE: string;
}

export default {
  async fetch(request: Request, env: Partial<Env>): Promise<Response> {
    return fetch("https://api-mom.example.workers.dev/v1/blurbs");
  },
};
