class Log {
  fetch(url: string) {
    console.log(url);
  }
}

export const pages = {
  fetch(path: string) {
    new Log().fetch(path);
  },
};

export default {
  fetch: () => new Response("hello"),
  async queue(batch: MessageBatch) {
    for (const message of batch.messages) message.ack();
  },
  async scheduled() {
    pages.fetch("/");
  },
};
