export default {
  async fetch(request, { TITLE = 'x', MOM = null }) {
    if (!MOM) return new Response(TITLE)
    return fetch('https://api-mom.example.workers.dev/v1/blurbs', { headers: { TITLE } })
  },
}
