import { DurableObject } from "cloudflare:workers";

export class Room extends DurableObject<{ TITLE: string; API_MOM: Fetcher }> {
  constructor(ctx: DurableObjectState, env: { TITLE: string; API_MOM: Fetcher }) {
    super(ctx, env);
  }

  async fetch(request: Request) {
    return this.env.API_MOM.fetch("https://api-mom.example.workers.dev/v1/blurbs");
  }
}

export default {
  async fetch(request: Request, env: { ROOM: DurableObjectNamespace }) {
    return env.ROOM.get(env.ROOM.idFromName("x")).fetch(request);
  },
};
