const page = "<h1>hello</h1>";

export default {
  fetch(request) {
    const { pathname } = new URL(request.url);
    if (pathname === "/") return page;
    if (pathname === "/json") return { status: "ok" };
    if (pathname === "/text") return JSON.stringify({ status: "ok" });
    return null;
  },
};
