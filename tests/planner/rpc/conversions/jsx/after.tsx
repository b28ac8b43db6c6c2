import { WorkerEntrypoint } from "cloudflare:workers";

function h(tag: string, _properties: null, ...children: string[]): string {
  return `<${tag}>${children.join("")}</${tag}>`;
}

export default class ApiMom extends WorkerEntrypoint<Env> {
  fetch(_request: Request) {
    return new Response(
      <p>
        {this.env.NAME}
      </p>,
    );
  }
}
