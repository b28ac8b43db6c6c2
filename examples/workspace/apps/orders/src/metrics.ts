interface Metered {
  METRICS: AnalyticsEngineDataset;
}

interface Handler<Env> {
  fetch(request: Request, env: Env, ctx: ExecutionContext): Promise<Response>;
}

/** The handler, with a data point written for each request: method, status and milliseconds. */
export function withMetrics<Env extends Metered>(handler: Handler<Env>): Handler<Env> {
  return {
    async fetch(request, env, ctx) {
      const start = Date.now();
      const response = await handler.fetch(request, env, ctx);
      env.METRICS.writeDataPoint({
        blobs: [request.method, String(response.status)],
        doubles: [Date.now() - start],
      });
      return response;
    },
  };
}
