export default <ExportedHandler<Env>>{
  async fetch(request, { NAME, LIMITS: { a } }) {
    return new Response(`${request.url} ${NAME} ${a}`);
  },
};
