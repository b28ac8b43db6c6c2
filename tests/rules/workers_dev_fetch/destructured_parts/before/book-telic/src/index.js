export default {
  async fetch(request, { TITLE, ...rest }) {
    return fetch('https://api-mom.example.workers.dev/v1/blurbs', { headers: { TITLE } })
  },
  async scheduled(event, {
    TITLE,
  }) {
    const MOM = TITLE
    await fetch('https://api-mom.example.workers.dev/v1/' + MOM)
  },
  async queue(batch, { MOM: mom }) {
    await fetch('https://api-mom.example.workers.dev/v1/queue')
  },
  async email(message, { ...all }) {
    await all.MOM.fetch('https://mom/')
    await fetch('https://api-mom.example.workers.dev/v1/email')
  },
}
