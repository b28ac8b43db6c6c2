export default {
  fetch: (request, env) => {
    const id = new URL(request.url).searchParams.get('id');
    return env.API.fetch(`/users/${id}`, { method: 'DELETE' });
  },
};
