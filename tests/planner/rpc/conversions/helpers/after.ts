import { WorkerEntrypoint } from "cloudflare:workers";

class ApiMom extends WorkerEntrypoint<Env> {
  async fetch(request: Request): Promise<Response> {
    const greet = () => this.#greet(this.env, new URL(request.url).pathname);
    return new Response([greet(), this.#count("ab")].join());
  }

  #greet(env: Env, path: string) {
    return `${env.NAME} ${path} ${this.#count(path)}`;
  }

  #count(text: string): number {
    return text.length;
  }
}

export default ApiMom;
