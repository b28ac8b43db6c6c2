export default { fetch: () => new Response("ubermesh") };
