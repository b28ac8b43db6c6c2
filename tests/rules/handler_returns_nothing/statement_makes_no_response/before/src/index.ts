export default {
  async fetch(request: Request) {
    await log(request);
  },
};

async function log(request: Request): Promise<void> {
  console.log(request.url);
}
