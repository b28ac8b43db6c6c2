const API_MOM = 'https://api-mom.example.workers.dev'

addEventListener('fetch', (event) => {
  event.respondWith(API_MOM_SERVICE.fetch(`${API_MOM}/v1/blurbs`))
})
