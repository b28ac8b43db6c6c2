export default {
  async fetch(request, { TITLE, MOM, ...rest }) {
    return MOM.fetch('https://api-mom.example.workers.dev/v1/blurbs', { headers: { TITLE } })
  },
  async scheduled(event, {
    TITLE,
    MOM: MOM_BINDING,
  }) {
    const MOM = TITLE
    await MOM_BINDING.fetch('https://api-mom.example.workers.dev/v1/' + MOM)
  },
  async queue(batch, { MOM: mom }) {
    await mom.fetch('https://api-mom.example.workers.dev/v1/queue')
  },
  async email(message, { ...all }) {
    await all.MOM.fetch('https://mom/')
    await all.MOM.fetch('https://api-mom.example.workers.dev/v1/email')
  },
}
