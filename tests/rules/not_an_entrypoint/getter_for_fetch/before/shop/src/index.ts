export default {
  get fetch() {
    return async (): Promise<Response> => new Response("shop");
  },
};
