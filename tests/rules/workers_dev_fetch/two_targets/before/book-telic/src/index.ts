interface Env {
  TITLE: string;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const [blurbs, types] = await Promise.all([
      fetch("https://api-mom.example.workers.dev/v1/blurbs"),
      fetch(new URL("/types", "https://ubermesh.example.workers.dev")),
    ]);
    return new Response(`${await types.text()}: ${await blurbs.text()}`);
  },
};
