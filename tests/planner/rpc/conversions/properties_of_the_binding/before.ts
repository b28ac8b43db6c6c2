interface Props {
  tenant?: string;
}

export default {
  async fetch(request, env, ctx) {
    return Response.json([request.method, env.NAME, ctx.props.tenant ?? "none"]);
  },
} satisfies ExportedHandler<Env, unknown, unknown, Props>;
