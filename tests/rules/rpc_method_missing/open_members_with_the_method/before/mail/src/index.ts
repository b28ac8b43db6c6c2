import { methods } from "@acme/mail";

export default {
  ...methods,
  async fetch(): Promise<Response> {
    return new Response("mail");
  },

  async send(text: string): Promise<string> {
    return `sent ${text}`;
  },
};
