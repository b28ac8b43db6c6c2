export default {
  fetch(request: Request) {
    return page("home");
  },
};

function page(name: string) {
  if (name === "home") return new Response("home");
}
