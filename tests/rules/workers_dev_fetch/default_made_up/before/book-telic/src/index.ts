interface Env {
  TITLE: string;
}

const blurbs = ({ env }: { env: Env } = { env: { TITLE: "" } }) => fetch("https://api-mom.example.workers.dev/v1/" + env.TITLE);

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    await blurbs();
    return blurbs({ env });
  },
};
