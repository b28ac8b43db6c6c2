export class Shelf {
  constructor(state, env) {
    this.env = env;
  }

  fetch() {
    return fetch("https://api-mom.example.workers.dev/v1/blurbs");
  }
}

export default { fetch: (request, env) => env.SHELF.get(env.SHELF.newUniqueId()).fetch(request) };
