import { WorkerEntrypoint, env } from 'cloudflare:workers'

export class Admin extends WorkerEntrypoint {}

export default {
  async fetch(request, { TITLE }) {
    return env.API_MOM.fetch('https://api-mom.example.workers.dev/v1/blurbs', { headers: { TITLE } })
  },
}
