export default {
  fetch: (request, env) => {
    const id = new URL(request.url).searchParams.get('id');
    return env.API.fetch(`https://api/users/${id}`, { method: 'DELETE' });
  },
};
