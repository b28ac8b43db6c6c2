export default {
  async fetch(): Promise<Response> {
    return new Response("mail");
  },

  box: {
    send: async (text: string): Promise<string> => `sent ${text}`,
  },
};
