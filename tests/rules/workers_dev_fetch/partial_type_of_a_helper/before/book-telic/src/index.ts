interface Env {
  TITLE: string;
}

const blurbs = async (env: Partial<Env>) => fetch("https://api-mom.example.workers.dev/v1/blurbs/" + env.TITLE);

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return blurbs(env);
  },
};
