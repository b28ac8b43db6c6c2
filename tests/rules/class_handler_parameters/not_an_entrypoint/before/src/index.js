import { WorkerEntrypoint, WorkflowEntrypoint } from "cloudflare:workers";

class Client {
  fetch(request, env) {
    return env.API.fetch(request);
  }
}

export class Flow extends WorkflowEntrypoint {
  async run(event, step) {
    await step.do("first", async () => event.payload);
  }
}

export default class Site extends WorkerEntrypoint {
  fetch(request) {
    return this.answer(request, this.env);
  }

  answer(request, env) {
    return new Client().fetch(request, env);
  }
}
