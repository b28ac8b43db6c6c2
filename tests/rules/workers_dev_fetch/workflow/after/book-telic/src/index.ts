import { WorkflowEntrypoint, type WorkflowEvent, type WorkflowStep } from "cloudflare:workers";

interface Env { TITLE: string; BINDER: Workflow; API_MOM: Fetcher }

const request = new Request("https://api-mom.example.workers.dev/v1/blurbs");

export class Binder extends WorkflowEntrypoint<Env> {
  async run(event: WorkflowEvent<unknown>, step: WorkflowStep) {
    await step.do("blurbs", async () => {
      const response = await this.env.API_MOM.fetch(request.clone(), { signal: AbortSignal.timeout(1000) });
      return response.status;
    });
    const made = new Request("https://api-mom.example.workers.dev/v1/blurbs", { method: "POST" });
    await this.env.API_MOM.fetch(made);
  }
}

export default {
  async fetch(_request: Request, env: Env): Promise<Response> {
    return Response.json(await env.BINDER.create());
  },
};
