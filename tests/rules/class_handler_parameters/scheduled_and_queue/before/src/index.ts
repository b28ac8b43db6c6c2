import { WorkerEntrypoint } from "cloudflare:workers";

interface Env {
  API: Fetcher;
  NAME: string;
}

export class Jobs extends WorkerEntrypoint {
  async scheduled(controller: ScheduledController, { API, NAME }: Env) {
    await API.fetch(`https://api/${NAME}`);
  }

  queue = async (batch: MessageBatch, workerEnv: Env) => workerEnv.API.fetch(`https://api/${batch.queue}`);
}

export default {
  fetch: () => new Response("hello"),
};
