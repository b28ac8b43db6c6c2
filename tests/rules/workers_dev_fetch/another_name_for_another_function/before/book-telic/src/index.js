const traced = (url) => console.log(url)
let send = fetch
send = traced

export default {
  async fetch(request, env) {
    const fetcher = traced
    fetcher('https://api-mom.example.workers.dev/v1/a')
    send('https://api-mom.example.workers.dev/v1/b')
    return new Response('c')
  },
}
