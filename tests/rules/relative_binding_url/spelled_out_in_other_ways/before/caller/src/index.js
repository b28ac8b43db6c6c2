export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (pathname === '/request') {
      return env.API.fetch(new Request('/users', { method: 'POST' }));
    }
    if (pathname === '/sum') {
      return env.API.fetch('/users/' + pathname.length + '/orders');
    }
    if (pathname === '/query') {
      return env.API.fetch('?page=2');
    }
    if (pathname === '/choice') {
      return env.API.fetch(request.method === 'POST' ? '/orders' : '/users');
    }
    if (pathname === '/scheme') {
      return env.API.fetch('//api/users');
    }
    return env.API.fetch('users');
  },
};
