type Kind = "page" | "image";

export default {
  fetch(request: Request): Response {
    const kind = kindOf(request);
    if (request.method === "POST") return new Response("posted");
    if (request.method !== "POST") {
      switch (kind) {
        case "page":
          return new Response("page");
        case "image":
          return new Response("image");
      }
      const unexpected: never = kind;
    }
  },
};

function kindOf(request: Request): Kind {
  return request.url.endsWith(".png") ? "image" : "page";
}
