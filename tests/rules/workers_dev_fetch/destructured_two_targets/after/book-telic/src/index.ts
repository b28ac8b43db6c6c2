interface Env {
  TITLE: string;
  UBERMESH: Fetcher;
  API_MOM: Fetcher;
}

export default {
  async fetch(request: Request, { UBERMESH, API_MOM }: Env): Promise<Response> {
    await UBERMESH.fetch("https://ubermesh.example.workers.dev/v1/ping");
    return API_MOM.fetch("https://api-mom.example.workers.dev/v1/blurbs");
  },
  async queue(batch: MessageBatch, { UBERMESH, API_MOM, ...rest }: Env) {
    await UBERMESH.fetch("https://ubermesh.example.workers.dev/v1/ping");
    await API_MOM.fetch("https://api-mom.example.workers.dev/v1/blurbs");
  },
};
