import { WorkerEntrypoint } from "cloudflare:workers";

export default class ApiMom extends WorkerEntrypoint<Env> {
  async fetch(request: Request) {
    const { env } = this;
    function shadow(env: string) {
      return env.toUpperCase();
    }
    const later = function () {
      return env.NAME;
    };
    class Holder {
      name = env.OTHER;
    }
    const list = ["x"].map((item) => item + env.NAME);
    return Response.json([shadow("a"), later(), new Holder().name, list, request.method]);
  }
}
