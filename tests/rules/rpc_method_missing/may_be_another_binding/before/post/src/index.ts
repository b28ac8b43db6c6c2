export default {
  async fetch(): Promise<Response> {
    return new Response("mail");
  },

  async deliver(text: string): Promise<string> {
    return `sent ${text}`;
  },
};
