import { WorkerEntrypoint } from "cloudflare:workers";

class ApiMom {}

type ApiMomWorker = ApiMom;

export const made: ApiMomWorker = new ApiMom();

export default class ApiMomEntrypoint extends WorkerEntrypoint {
  fetch() {
    return new Response("ok");
  }
}
