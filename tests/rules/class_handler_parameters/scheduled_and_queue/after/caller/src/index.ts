export default {
  async fetch(request: Request, env: { JOBS: Fetcher }): Promise<Response> {
    const { outcome } = await env.JOBS.scheduled({ cron: "* * * * *" });
    return new Response(outcome);
  },
};
