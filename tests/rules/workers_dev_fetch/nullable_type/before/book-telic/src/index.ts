type Env = { readonly MOM: Fetcher | undefined; TITLE: string | undefined };

export default {
  fetch: (request, env) => fetch("https://api-mom.example.workers.dev/v1/blurbs"),
} satisfies ExportedHandler<Env>;
