export { Inner as Counter } from "./objects";
export default {
  async fetch(): Promise<Response> {
    return new Response("target");
  },
};
