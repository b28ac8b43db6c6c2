import {
  DurableObject,
  WorkerEntrypoint,
} from "cloudflare:workers";

export class Store extends DurableObject<Env> {}

export type Entrypoint = WorkerEntrypoint<Env>;

export default class ApiMom extends WorkerEntrypoint {
  fetch() {
    return new Response("ok");
  }
}
