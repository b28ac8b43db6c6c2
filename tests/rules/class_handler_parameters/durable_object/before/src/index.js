import { DurableObject } from "cloudflare:workers";

export class Room extends DurableObject {
  async fetch(request, env) {
    await this.ctx.storage.put("seen", request.url);
    return env.API.fetch(request);
  }

  async webSocketClose(socket, code) {
    socket.close(code);
  }
}

export default {
  fetch: (request, env) => env.ROOM.get(env.ROOM.idFromName("a")).fetch(request),
};
