export default {
  async fetch() {
    try {
      return new Response("ok");
    } catch (error) {
      console.log(error);
    }
  },
};
