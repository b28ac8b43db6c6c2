import {
  DurableObject,
  type WorkerEntrypoint,
} from "cloudflare:workers";

export class Store extends DurableObject<Env> {}

export type Entrypoint = WorkerEntrypoint<Env>;

export default {
  fetch: () => new Response("ok"),
};
