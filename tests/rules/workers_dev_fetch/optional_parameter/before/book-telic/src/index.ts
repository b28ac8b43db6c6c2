interface Env {
  TITLE: string;
}

const shelf = (env?: Env) => fetch("https://api-mom.example.workers.dev/v1/shelf");

export default {
  async fetch(request: Request, env?: Env): Promise<Response> {
    await shelf(env);
    return fetch("https://api-mom.example.workers.dev/v1/blurbs");
  },
};
