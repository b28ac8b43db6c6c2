export default {
  fetch(request: Request) {
    return handle(request)
  },
};

async function handle(request: Request): Promise<Response> {
  return new Response("hello")
}
