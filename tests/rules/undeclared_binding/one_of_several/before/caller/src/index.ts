interface Env {
  AUTH: Fetcher;
  LOG: Fetcher;
}

const ask = (service: Fetcher) => service.fetch("https://service/");

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return ask(request.method === "GET" ? env.LOG : env.AUTH);
  },
};
