export default {
  async fetch(): Promise<Response> {
    return new Response("mail");
  },

  async sendText(text: string): Promise<string> {
    return `sent ${text}`;
  },
};
