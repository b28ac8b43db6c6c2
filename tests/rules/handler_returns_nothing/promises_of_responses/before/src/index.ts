interface Env {
  API: Fetcher;
}

export default {
  fetch(request, env) {
    if (request.method === "POST") {
      fetch("https://posts.example/", request);
    } else {
      env.API.fetch(request).catch(() => new Response("down", { status: 503 }));
    }
  },
} satisfies ExportedHandler<Env>;
