export default {
  fetch: (request: Request, env: { ADMIN: Fetcher }) => env.ADMIN.fetch(request),
};
