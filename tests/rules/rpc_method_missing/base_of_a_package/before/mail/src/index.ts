import { Base } from "@acme/mail";

export default class Mail extends Base {
  async fetch(): Promise<Response> {
    return new Response("mail");
  }

  
}
