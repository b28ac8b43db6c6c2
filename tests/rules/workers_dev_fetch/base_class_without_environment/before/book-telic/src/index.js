import { Client } from "some-framework";

class Blurbs extends Client {
  list() {
    return fetch("https://api-mom.example.workers.dev/v1/blurbs");
  }
}

export default { fetch: () => new Blurbs().list() };
