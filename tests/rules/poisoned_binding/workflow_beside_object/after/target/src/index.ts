import { WorkflowEntrypoint as Flow } from "cloudflare:workers";

class Nightly extends Flow {
  async run() {}
}
export { Nightly };

export default {
  async fetch(): Promise<Response> {
    return new Response("target");
  },
};
