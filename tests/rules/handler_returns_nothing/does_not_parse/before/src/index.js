export default {
  fetch(request) {
    if (request.method === "GET") {
      return new Response("hello"
    }
  },
};
