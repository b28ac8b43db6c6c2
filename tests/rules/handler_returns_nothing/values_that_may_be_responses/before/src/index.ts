const missing = () => new Response("missing", { status: 404 });

export default {
  fetch(request: Request, env: { CACHE?: Fetcher }) {
    const { pathname } = new URL(request.url);
    const unknown = missing();
    if (pathname === "/then") {
      return { then: (done: (response: Response) => void) => done(new Response("then")) };
    }
    if (pathname === "/choice") return env.CACHE?.fetch(request) ?? unknown;
    if (pathname === "/chain") {
      return fetch(request).then((response) => {
        console.log(response.status);
        return response;
      });
    }
    return unknown;
  },
};
