export default {
  async fetch(request, env) {
    const country: string = request.cf?.country ?? "nowhere";
    return new Response(country + env.NAME);
  },
} satisfies ExportedHandler<Env>;
