export default {
  async fetch(request, env) {
    const path = env.SHELF ? '/v1/shelf' : '/v1/blurbs'
    await fetch(`https://api-mom.example.workers.dev${path}?ping`)
    return fetch(env.SHELF ? 'https://api-mom.example.workers.dev/v1/shelf' : 'https://api-mom.example.workers.dev/v1/blurbs')
  },
}
