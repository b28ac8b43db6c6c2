type Env = { readonly MOM: Fetcher; TITLE: string | undefined };

export default {
  fetch: (request, env) => env.MOM.fetch("https://api-mom.example.workers.dev/v1/blurbs"),
} satisfies ExportedHandler<Env>;
