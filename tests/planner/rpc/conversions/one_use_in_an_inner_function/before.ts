export default {
  async fetch(request, env) {
    const later = function () {
      return env.NAME;
    };
    return new Response(later() + request.method);
  },
  async scheduled(_controller, env) {
    const later = () => env.NAME;
    setTimeout(() => later());
  },
} satisfies ExportedHandler<Env>;
