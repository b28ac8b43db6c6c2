export const blurbs = (env) => fetch("https://api-mom.example.workers.dev/v1/blurbs");

const page = (env, number) => fetch("https://api-mom.example.workers.dev/v1/list?page=" + number);

export const list = (env) => page(env, 1);

export const shelf = ({ env, path }) => fetch("https://api-mom.example.workers.dev" + path);

export class Client {
  constructor(env) {
    this.env = env;
  }

  async all() {
    await this.one(this.env);
    return fetch("https://api-mom.example.workers.dev/v1/all");
  }

  one(env) {
    return fetch("https://api-mom.example.workers.dev/v1/one");
  }
}
