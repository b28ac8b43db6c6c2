import { DurableObject } from "cloudflare:workers";

class Base extends DurableObject {
  fetch(request) {
    const pair = new WebSocketPair();
    this.ctx.acceptWebSocket(pair[1]);
    new Response(null, { status: 101, webSocket: pair[0] });
  }
}

export class Room extends Base {}

export default {
  async fetch(request, env) {
    return env.ROOM.get(env.ROOM.idFromName("a")).fetch(request);
  },
};
