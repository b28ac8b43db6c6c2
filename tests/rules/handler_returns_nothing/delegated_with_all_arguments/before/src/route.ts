export function route(request: Request, env: object) {
  if (request.method === "OPTIONS") return new Response(null, { status: 204 });
  answer(request);
}

const answer = (request: Request) => new Response("hello");
