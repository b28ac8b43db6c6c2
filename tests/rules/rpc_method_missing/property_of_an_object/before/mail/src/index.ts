export default {
  async fetch(): Promise<Response> {
    return new Response("mail");
  },

  version: "1",

  async send(text: string): Promise<string> {
    return `sent ${text}`;
  },
};
