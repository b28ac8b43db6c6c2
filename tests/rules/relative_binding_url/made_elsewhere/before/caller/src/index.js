export default {
  async fetch(request, env) {
    const users = new Request("/users");
    return env.API.fetch(users);
  },
  async scheduled(controller, env) {
    await send(env, "/orders");
  },
};

async function send(env, path) {
  await env.API.fetch(path);
}
