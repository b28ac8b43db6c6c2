import { denied } from "some-package";
import { missing, notAllowed } from "./fail";

export default {
  fetch(request: Request): Response {
    const { pathname } = new URL(request.url);
    if (request.method === "GET") {
      if (pathname === "/") return new Response("home");
      if (pathname === "/old") denied(request);
      else missing();
    } else {
      notAllowed(request.method);
    }
  },
};
