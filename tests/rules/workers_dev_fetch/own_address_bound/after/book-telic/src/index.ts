interface Env {
  SELF: Fetcher;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    if (request.method === "POST") {
      return env.SELF.fetch("https://book-telic.example.workers.dev/v1/books");
    }
    return new Response("book-telic");
  },
};
