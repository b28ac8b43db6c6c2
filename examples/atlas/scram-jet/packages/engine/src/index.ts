import { findPipeline, type Step } from "./pipelines";

interface Env {
  APIMOM: Fetcher;
  MEDIA_STORE: Fetcher;
}

interface Completion {
  choices: { message: { content: string } }[];
}

interface Capability {
  provider: string;
  model: string;
}

class StepFailed extends Error {}

export default {
  // POST /run/<pipeline>: the body goes through every step, each result is kept in Media Store.
  async fetch(request, env) {
    const name = /^\/run\/([\w-]+)$/.exec(new URL(request.url).pathname)?.[1];
    const steps = name === undefined ? undefined : findPipeline(name);
    if (request.method !== "POST" || steps === undefined) {
      return new Response("Not Found", { status: 404 });
    }

    const run = `runs/${crypto.randomUUID()}`;
    try {
      let material = await request.text();
      for (const [index, step] of steps.entries()) {
        material = await perform(step, material, env);
        await keep(`${run}/${index}-${step.capability}.txt`, material, env);
      }
    } catch (error) {
      if (error instanceof StepFailed) {
        return Response.json({ run, error: error.message }, { status: 502 });
      }
      throw error;
    }
    return Response.json({ run, steps: steps.length }, { status: 201 });
  },
} satisfies ExportedHandler<Env>;

async function perform(step: Step, material: string, env: Env): Promise<string> {
  const found = await env.APIMOM.fetch(`http://api-mom/v1/capabilities/${step.capability}`);
  if (!found.ok) {
    throw new StepFailed(`${step.capability}: no provider (status ${found.status})`);
  }
  const { provider, model } = await found.json<Capability>();

  const answer = await env.APIMOM.fetch(`http://api-mom/v1/${provider}/v1/chat/completions`, {
    method: "POST",
    body: JSON.stringify({
      model,
      messages: [{ role: "user", content: `${step.prompt}\n\n${material}` }],
    }),
  });
  if (!answer.ok) {
    throw new StepFailed(`${step.capability}: ${provider} answered with status ${answer.status}`);
  }
  const { choices } = await answer.json<Completion>();
  return choices.map(({ message }) => message.content).join("\n");
}

async function keep(key: string, material: string, env: Env): Promise<void> {
  const stored = await env.MEDIA_STORE.fetch(`http://media-store/objects/${key}`, {
    method: "PUT",
    headers: { "content-type": "text/plain; charset=utf-8" },
    body: material,
  });
  if (!stored.ok) {
    throw new StepFailed(`${key} was not stored (status ${stored.status})`);
  }
}
