export default {
  async fetch(request, env) {
    const base = env.STAGING ? 'https://api-mom.example.workers.dev' : 'https://api.example.com'
    await fetch(`${base}/v1/ping`)
    await fetch(env.LOCAL ? env.LOCAL : 'https://api-mom.example.workers.dev/v1')
    return fetch(env.STAGING ? 'https://api-mom.example.workers.dev/v1' : 'https://ubermesh.example.workers.dev/v1')
  },
}
