export default {
  async fetch(request) {
    const { pathname, search } = new URL(request.url);
    if (pathname === "/v1/health") {
      return Response.json({ ok: true, filler: "x".repeat(500) });
    }
    const body = await request.text();
    return new Response(`api ${request.method} ${pathname}${search} ${body}`.trim());
  },
};
