import { Base } from "@acme/admin";

export class Admin extends Base {}

export default {
  async fetch(): Promise<Response> {
    return new Response("shop");
  },
};
