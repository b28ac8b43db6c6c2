import { WorkerEntrypoint } from "cloudflare:workers";

export default class Site extends WorkerEntrypoint {
  /**
   * @param {Request} request
   */
  async fetch(request) {
    const { env } = this;
    // Both are answered alike.
    const answers = ["a", "b"].map(function (name) {
      return env.API.fetch(`https://api/${name}`);
    });
    this.ctx.waitUntil(env.API.fetch("https://api/log"));
    return new Response(await (await answers[0]).text());
  }
}
