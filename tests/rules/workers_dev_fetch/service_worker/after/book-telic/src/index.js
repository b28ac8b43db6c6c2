addEventListener("fetch", (event) => {
  event.respondWith(API_MOM.fetch("https://api-mom.example.workers.dev/v1/blurbs"));
});
