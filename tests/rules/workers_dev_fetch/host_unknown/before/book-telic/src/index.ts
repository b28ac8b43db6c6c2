interface Env {
  TITLE: string;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const name = new URL(request.url).searchParams.get("worker");
    await fetch(`https://${name}.example.workers.dev/v1/blurbs`);
    await fetch(request);
    return fetch(`${env.TITLE}.workers.dev`);
  },
};
