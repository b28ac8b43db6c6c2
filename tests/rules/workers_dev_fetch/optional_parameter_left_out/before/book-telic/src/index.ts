const shelf = (env?: Env) => fetch("https://api-mom.example.workers.dev/v1/shelf");
const blurbs = (env: Env | undefined) => fetch("https://api-mom.example.workers.dev/v1/blurbs");

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    await shelf();
    return blurbs(undefined);
  },
};
