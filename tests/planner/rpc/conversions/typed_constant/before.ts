const worker: ExportedHandler<Env> = {
  fetch(_request, env) {
    return new Response(env.NAME);
  },
};

export default worker;
