class App {
  async fetch(request, env, ctx) {
    ctx.waitUntil(Promise.resolve());
    return env.API.fetch(request);
  }
}

export const Other = {
  fetch: (request, env) => env.API.fetch(request),
};

export default new App();
