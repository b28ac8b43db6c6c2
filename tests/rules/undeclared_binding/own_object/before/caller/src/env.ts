export const env = { AUTH: { fetch: async (url: string) => new Response("none") } };
