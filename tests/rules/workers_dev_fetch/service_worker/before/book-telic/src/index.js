addEventListener("fetch", (event) => {
  event.respondWith(fetch("https://api-mom.example.workers.dev/v1/blurbs"));
});
