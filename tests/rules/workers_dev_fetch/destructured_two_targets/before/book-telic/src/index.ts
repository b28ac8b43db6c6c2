interface Env {
  TITLE: string;
}

export default {
  async fetch(request: Request, {}: Env): Promise<Response> {
    await fetch("https://ubermesh.example.workers.dev/v1/ping");
    return fetch("https://api-mom.example.workers.dev/v1/blurbs");
  },
  async queue(batch: MessageBatch, { ...rest }: Env) {
    await fetch("https://ubermesh.example.workers.dev/v1/ping");
    await fetch("https://api-mom.example.workers.dev/v1/blurbs");
  },
};
