export async function handle(request, env) {
  return new Response("hello");
}
