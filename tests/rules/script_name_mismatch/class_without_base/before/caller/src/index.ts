interface Env {
  ROOMS: DurableObjectNamespace;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return env.ROOMS.get(env.ROOMS.idFromName("lobby")).fetch("https://room/");
  },
};
