export default { fetch: () => new Response("site") };
