/**
 * The Worker.
 * @satisfies {ExportedHandler<{ NAME: string }, number>}
 */
const worker = {
  fetch: async (request, { NAME }) => new Response(NAME),
}

export default worker
