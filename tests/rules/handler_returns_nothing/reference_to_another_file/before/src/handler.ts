export const handleRequest = async (request: Request) => {
  if (new URL(request.url).pathname === "/") {
    return new Response("home");
  } else if (request.method === "POST") {
    return new Response("posted");
  }
};
