interface Env {
  TITLE: string;
}

function title(env: { TITLE: string }): string {
  return env.TITLE;
}

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    return fetch("https://api-mom.example.workers.dev/v1/blurbs", { headers: { a: title(env), b: title({ TITLE: "b" }) } });
  },
} satisfies ExportedHandler<Env>;
