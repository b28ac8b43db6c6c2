interface Env {
  TITLE: string;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return fetch("https://weather.someone.workers.dev/today");
  },
};
