export default {
  async fetch(request, env) {
    return env.API_MOM.fetch("https://api-mom.example.workers.dev/v1/blurbs")
  }
}
