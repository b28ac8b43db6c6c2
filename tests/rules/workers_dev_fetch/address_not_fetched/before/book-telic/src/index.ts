interface Env {
  TITLE: string;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const link = "https://api-mom.example.workers.dev/v1/blurbs";
    const page = await fetch("https://example.com/", { headers: { referer: link } });
    return page.ok ? Response.redirect(link) : new Response(link);
  },
};
