export default {
  fetch(request: Request): Response {
    const url = new URL(request.url);
    switch (url.pathname) {
      case "/":
        return new Response("home");
      case "/about":
        return new Response("about");
    }
  },
};
