import { WorkerEntrypoint } from "cloudflare:workers";

export class Apart extends WorkerEntrypoint {
  fetch = handle;
}

export class Arguments extends WorkerEntrypoint {
  fetch(request, env) {
    console.log(arguments.length);
    return env.API.fetch(request);
  }
}

export class Own extends WorkerEntrypoint {
  env = { API: null };

  fetch(request, env) {
    return env.API.fetch(request);
  }
}

export class Room {
  fetch(request, env) {
    return env.API.fetch(request);
  }
}

export class Called extends WorkerEntrypoint {
  scheduled() {
    return this.fetch(new Request("https://site/"), { API: null });
  }

  fetch(request, env) {
    return env.API.fetch(request);
  }
}

export default {
  fetch: (request, env) => env.ROOM.get(env.ROOM.idFromName("a")).fetch(request),
};

function handle(request, env) {
  return env.API.fetch(request);
}
