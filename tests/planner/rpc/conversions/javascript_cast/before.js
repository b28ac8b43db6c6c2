// @ts-check

export default /** @type {ExportedHandler<Env>} */ ({
  fetch: (request) => new Response(request.method),
});
