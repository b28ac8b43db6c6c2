const API_MOM = 'https://api-mom.example.workers.dev'

addEventListener('fetch', (event) => {
  event.respondWith(fetch(`${API_MOM}/v1/blurbs`))
})
