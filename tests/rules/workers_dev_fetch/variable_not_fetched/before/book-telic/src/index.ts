interface Env {
  PUBLIC_URL: string;
  API_URL: string;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const blurbs = await fetch(env.API_URL);
    return new Response(`<a href="${env.PUBLIC_URL}">${blurbs.status}</a>`);
  },
};
