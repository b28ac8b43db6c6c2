import { WorkerEntrypoint } from "cloudflare:workers";
import { answering } from "some-package";

export default class extends WorkerEntrypoint {
  @answering("hello")
  fetch(request: Request) {
    console.log(request.url);
  }
}
