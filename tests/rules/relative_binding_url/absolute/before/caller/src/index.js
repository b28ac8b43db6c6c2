const ORIGIN = "https://api.internal";

export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    switch (pathname) {
      case "/constant":
        return env.API.fetch(`${ORIGIN}/users`);
      case "/request":
        return env.API.fetch(new Request("http://api/users"));
      case "/slash":
        return env.API.fetch("http:/api/users");
      case "/blank":
        return env.API.fetch("  https://api/users");
      case "/resolved":
        return env.API.fetch(new URL("/users", request.url));
      default:
        return env.API.fetch(request);
    }
  },
};
