interface Env {
  API: Fetcher;
}

export default {
  async fetch(request, env): Promise<Response> {
    return env.API.fetch("/users");
  },
} satisfies ExportedHandler<Env>;
