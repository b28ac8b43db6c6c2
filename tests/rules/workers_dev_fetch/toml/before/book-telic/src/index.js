export default {
  async fetch(request, env) {
    return globalThis.fetch("https://api-mom.example.workers.dev/v1/blurbs")
  }
}
