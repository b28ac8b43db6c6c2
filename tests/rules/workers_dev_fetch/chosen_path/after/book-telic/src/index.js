export default {
  async fetch(request, env) {
    const path = env.SHELF ? '/v1/shelf' : '/v1/blurbs'
    await env.API_MOM.fetch(`https://api-mom.example.workers.dev${path}?ping`)
    return env.API_MOM.fetch(env.SHELF ? 'https://api-mom.example.workers.dev/v1/shelf' : 'https://api-mom.example.workers.dev/v1/blurbs')
  },
}
