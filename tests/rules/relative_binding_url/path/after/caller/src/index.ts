interface Env {
  API: Fetcher;
}

export default {
  async fetch(request, env): Promise<Response> {
    return env.API.fetch("https://api/users");
  },
} satisfies ExportedHandler<Env>;
