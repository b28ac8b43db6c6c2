import { WorkerEntrypoint } from "cloudflare:workers";

interface Env {
  API: Fetcher;
  NAME: string;
}

export class Jobs extends WorkerEntrypoint<Env> {
  async scheduled(controller: ScheduledController) {
    const { API, NAME } = this.env;
    await API.fetch(`https://api/${NAME}`);
  }

  queue = async (batch: MessageBatch) => this.env.API.fetch(`https://api/${batch.queue}`);
}

export default {
  fetch: () => new Response("hello"),
};
