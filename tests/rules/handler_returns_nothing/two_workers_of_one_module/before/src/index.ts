export default {
  async fetch(request: Request): Promise<Response | undefined> {
    try {
      return await fetch(request);
    } catch (error) {
      console.error(error);
    }
  },
};
