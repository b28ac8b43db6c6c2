export * from "@acme/admin";

export default {
  async fetch(): Promise<Response> {
    return new Response("shop");
  },
};
