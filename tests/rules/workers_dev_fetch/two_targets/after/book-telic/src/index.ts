interface Env {
  TITLE: string;
  API_MOM: Fetcher;
  UBERMESH: Fetcher;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const [blurbs, types] = await Promise.all([
      env.API_MOM.fetch("https://api-mom.example.workers.dev/v1/blurbs"),
      env.UBERMESH.fetch(new URL("/types", "https://ubermesh.example.workers.dev")),
    ]);
    return new Response(`${await types.text()}: ${await blurbs.text()}`);
  },
};
