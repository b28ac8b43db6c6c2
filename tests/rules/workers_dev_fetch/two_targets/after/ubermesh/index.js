export default { fetch: () => new Response("types") };
