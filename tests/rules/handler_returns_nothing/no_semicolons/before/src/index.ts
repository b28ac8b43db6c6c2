export default {
  fetch(request: Request) {
    handle(request)
  },
};

async function handle(request: Request): Promise<Response> {
  return new Response("hello")
}
