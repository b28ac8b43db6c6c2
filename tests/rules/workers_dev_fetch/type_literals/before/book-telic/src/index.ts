export default {
  async fetch(request: Request, env: { TITLE: string }) {
    return fetch("https://api-mom.example.workers.dev/v1/blurbs");
  },
  async queue(batch: MessageBatch, env: { TITLE: string }) {
    batch.ackAll();
  },
} satisfies ExportedHandler<{ TITLE: string }>;
