export const blurbs = (env) => fetch("https://api-mom.example.workers.dev/v1/blurbs", { headers: { env } });

export class Client {
  constructor(env) {
    this.env = env;
  }

  async shelf() {
    await fetch("https://api-mom.example.workers.dev/v1/shelf");
    return fetch("https://api-mom.example.workers.dev/v1/shelf/" + this.env);
  }
}

export const list = ({ env, path }) => fetch("https://api-mom.example.workers.dev" + path, { headers: { env } });
