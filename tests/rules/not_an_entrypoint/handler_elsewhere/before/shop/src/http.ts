export const fetch = async (request: Request, env: unknown) => new Response(`${typeof env}`);
