class Other {}

/* The Worker itself. */
const worker: ExportedHandler<Env> = {
  fetch: () => new Response("ok"),
} satisfies ExportedHandler<Env>;

export { worker as default, Other, worker };
