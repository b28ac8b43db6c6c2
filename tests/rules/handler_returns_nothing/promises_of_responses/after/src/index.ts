interface Env {
  API: Fetcher;
}

export default {
  fetch(request, env) {
    if (request.method === "POST") {
      return fetch("https://posts.example/", request);
    } else {
      return env.API.fetch(request).catch(() => new Response("down", { status: 503 }));
    }
  },
} satisfies ExportedHandler<Env>;
