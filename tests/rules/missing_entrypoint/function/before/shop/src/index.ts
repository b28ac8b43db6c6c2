export async function admin(): Promise<Response> {
  return new Response("admin");
}

export default {
  async fetch(): Promise<Response> {
    return new Response("shop");
  },
};
