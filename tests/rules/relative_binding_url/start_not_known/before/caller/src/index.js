export default {
  async fetch(request, env) {
    const { origin, pathname, protocol } = new URL(request.url);
    switch (pathname) {
      case "/origin":
        return env.API.fetch(`${origin}/users`);
      case "/variable":
        return env.API.fetch(env.BASE + "/users");
      case "/scheme":
        return env.API.fetch("http" + (protocol === "https:" ? "s" : "") + "://api/users");
      case "/base":
        return send(env, "https://api", "/users");
      default:
        return env.API.fetch(request.url.replace("caller", "api"));
    }
  },
};

const send = (env, base, path) => env.API.fetch(base + path);
