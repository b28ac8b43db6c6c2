interface Env {
  TITLE: string;
  API_MOM: Fetcher;
}

const shelf = (env?: Env) => env!.API_MOM.fetch("https://api-mom.example.workers.dev/v1/shelf");

export default {
  async fetch(request: Request, env?: Env): Promise<Response> {
    await shelf(env);
    return env!.API_MOM.fetch("https://api-mom.example.workers.dev/v1/blurbs");
  },
};
