import { load } from "./load";

export default {
  async fetch() {
    try {
      return Response.json(await load());
    } catch (error) {
      console.log(error);
    }
  },
};
