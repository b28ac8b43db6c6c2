export default {
  async fetch(request) {
    const url = new URL(request.url);
    if (url.pathname === "/retry") {
      while (true) {
        const response = await fetch("https://origin.example/");
        if (response.ok) return response;
      }
    }
    if (url.pathname === "/try") {
      try {
        await fetch("https://origin.example/");
      } finally {
        return new Response("tried");
      }
    }
    if (url.pathname === "/") return new Response("home");
    throw new Error("no such page");
  },
};
