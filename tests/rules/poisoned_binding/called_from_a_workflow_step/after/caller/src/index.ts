import { WorkflowEntrypoint } from "cloudflare:workers";

export class Nightly extends WorkflowEntrypoint<Env> {
  async run(event, step) {
    await step.do("call", async () => (await this.env.TARGET.fetch("http://target/")).status);
  }
}

export default {
  fetch: () => new Response("caller"),
};
