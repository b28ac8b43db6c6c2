import { createRoom } from "rooms";

export const Room = createRoom({ size: 12 });

interface Env {
  ROOMS: DurableObjectNamespace;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return env.ROOMS.get(env.ROOMS.idFromName("lobby")).fetch("https://room/");
  },
};
