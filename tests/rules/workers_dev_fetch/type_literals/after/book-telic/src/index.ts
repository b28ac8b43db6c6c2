export default {
  async fetch(request: Request, env: { TITLE: string; API_MOM: Fetcher }) {
    return env.API_MOM.fetch("https://api-mom.example.workers.dev/v1/blurbs");
  },
  async queue(batch: MessageBatch, env: { TITLE: string }) {
    batch.ackAll();
  },
} satisfies ExportedHandler<{ TITLE: string; API_MOM: Fetcher }>;
