const blurbs = async (env: unknown) => fetch("https://api-mom.example.workers.dev/v1/blurbs");

export default { fetch: (request: Request, env: unknown) => blurbs(env) };
