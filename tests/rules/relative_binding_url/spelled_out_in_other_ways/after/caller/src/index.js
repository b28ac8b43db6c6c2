export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (pathname === '/request') {
      return env.API.fetch(new Request('https://api/users', { method: 'POST' }));
    }
    if (pathname === '/sum') {
      return env.API.fetch('https://api/users/' + pathname.length + '/orders');
    }
    if (pathname === '/query') {
      return env.API.fetch('https://api/?page=2');
    }
    if (pathname === '/choice') {
      return env.API.fetch(request.method === 'POST' ? 'https://api/orders' : 'https://api/users');
    }
    if (pathname === '/scheme') {
      return env.API.fetch('https://api/users');
    }
    return env.API.fetch('https://api/users');
  },
};
