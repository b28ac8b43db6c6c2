export { Room as Lobby } from "./room";

export default {
  async fetch(): Promise<Response> {
    return new Response("rooms");
  },
};
