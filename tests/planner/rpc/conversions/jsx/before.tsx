function h(tag: string, _properties: null, ...children: string[]): string {
  return `<${tag}>${children.join("")}</${tag}>`;
}

export default {
  fetch: (_request, env) =>
    new Response(
      <p>
        {env.NAME}
      </p>,
    ),
} satisfies ExportedHandler<Env>;
