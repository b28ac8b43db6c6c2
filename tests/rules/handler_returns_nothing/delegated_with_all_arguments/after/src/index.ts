import { route } from "./route";

export default {
  fetch: (request: Request, env: object) => route(request, env),
};
