interface Env {
  TITLE: string;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return fetch("https://api-mom.example.com/v1/blurbs");
  },
};
