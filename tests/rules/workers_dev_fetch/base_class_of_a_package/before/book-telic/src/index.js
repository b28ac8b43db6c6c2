import { Base } from "some-framework";

export class Shelf extends Base {
  constructor(state, env) {
    super(state, env);
  }

  blurbs() {
    return fetch("https://api-mom.example.workers.dev/v1/blurbs");
  }
}

export default { fetch: (request, env) => env.SHELF.getByName("all").blurbs() };
