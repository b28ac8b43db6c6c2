export const blurbs = (env) => env.API_MOM.fetch("https://api-mom.example.workers.dev/v1/blurbs");

const page = (env, number) => env.API_MOM.fetch("https://api-mom.example.workers.dev/v1/list?page=" + number);

export const list = (env) => page(env, 1);

export const shelf = ({ env, path }) => env.API_MOM.fetch("https://api-mom.example.workers.dev" + path);

export class Client {
  constructor(env) {
    this.env = env;
  }

  async all() {
    await this.one(this.env);
    return this.env.API_MOM.fetch("https://api-mom.example.workers.dev/v1/all");
  }

  one(env) {
    return env.API_MOM.fetch("https://api-mom.example.workers.dev/v1/one");
  }
}
