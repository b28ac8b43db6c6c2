interface Env {
  TITLE: string;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    await fetch("https://api-mom.myworkers.dev/v1/blurbs");
    await fetch("https://api-mom.example.workers.dev.example.com/v1/blurbs");
    await fetch("https://example.workers.dev/v1/blurbs");
    await fetch("https://example.com/api-mom.example.workers.dev");
    return fetch("https://api-mom.pages.dev/v1/blurbs");
  },
};
