interface Env {
  ROOMS: Fetcher;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return env.ROOMS.fetch("https://rooms/");
  },
};
