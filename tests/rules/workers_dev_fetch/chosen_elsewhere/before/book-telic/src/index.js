export default {
  async fetch(request, env) {
    console.log('https://api-mom.example.workers.dev')
    return fetch(env.STAGING ? 'https://staging.example.com' : 'https://api.example.com')
  },
}
