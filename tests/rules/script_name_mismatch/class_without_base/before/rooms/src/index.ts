export class Room {}

export default {
  async fetch(): Promise<Response> {
    return new Response("rooms");
  },
};
