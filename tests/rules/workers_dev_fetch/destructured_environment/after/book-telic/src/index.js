import { WorkerEntrypoint } from 'cloudflare:workers'

export class Admin extends WorkerEntrypoint {}

export default {
  async fetch(request, { TITLE, API_MOM }) {
    return API_MOM.fetch('https://api-mom.example.workers.dev/v1/blurbs', { headers: { TITLE } })
  },
}
