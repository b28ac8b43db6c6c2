export class Counter {
  async fetch() {
    return new Response("counted");
  }
}

export default {
  async fetch(): Promise<Response> {
    return new Response("target");
  },
};
