import { WorkerEntrypoint } from "cloudflare:workers";

interface Props {
  tenant?: string;
}

export default class ApiMom extends WorkerEntrypoint<Env, Props> {
  async fetch(request: Request) {
    return Response.json([request.method, this.env.NAME, this.ctx.props.tenant ?? "none"]);
  }
}
