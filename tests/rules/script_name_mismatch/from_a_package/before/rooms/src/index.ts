export { Room } from "rooms";

export default {
  async fetch(): Promise<Response> {
    return new Response("rooms");
  },
};
