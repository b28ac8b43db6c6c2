export const onRequest = () => new Response("site");
