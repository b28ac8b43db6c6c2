export interface Admin {
  name: string;
}

export default {
  async fetch(): Promise<Response> {
    return new Response("shop");
  },
};
