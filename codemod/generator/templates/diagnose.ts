// What this Worker is bound to, what comes of calling it, and why where that fails.
//
// Service bindings that take requests are sent one GET each. RPC methods and Durable Objects are
// not called: nobody but you can tell what a call of theirs does.
// wfix:environment

const TIMEOUT_MS = 5000;
const PREVIEW_LENGTH = 200;

/** What a failure may come from; the best founded cause stands first. */
export interface Cause {
  cause: string;
  evidence: "measured" | "documented" | "reported";
  advice: string;
}

/** What came of a call. Other Workers' words are cut off after a short preview. */
export interface Outcome {
  latencyMs?: number;
  status?: number;
  ok?: boolean;
  contentType?: string | null;
  bodyPreview?: string;
  error?: string;
  errorName?: string;
  note?: string;
  causes?: Cause[];
}

export interface Diagnosis extends Outcome {
  kind: "http" | "rpc" | "durable object";
  leadsTo: string;
  exists: boolean;
  type: string;
  fetchType?: string;
}

interface Binding {
  name: string;
  kind: Diagnosis["kind"];
  leadsTo: string;
  value: unknown;
  url?: string;
  onlyIn?: string;
}

interface Fetchable {
  fetch(input: string, init?: RequestInit): Promise<Response>;
}

// wfix:bindings

/** The diagnosis of every binding, by the binding's name. */
export async function diagnoseBindings(
  env: Bindings,
): Promise<Record<string, Diagnosis>> {
  const diagnoses = await Promise.all(
    bindingsOf(env).map(async (binding): Promise<[string, Diagnosis]> => [
      binding.name,
      await diagnose(binding),
    ]),
  );
  return Object.fromEntries(diagnoses);
}

/** The diagnosis as JSON. It tells of other Workers: answer nobody with it whom you do not know. */
export async function handleDiagnose(env: Bindings): Promise<Response> {
  return Response.json(await diagnoseBindings(env), {
    headers: { "cache-control": "no-store" },
  });
}

async function diagnose(binding: Binding): Promise<Diagnosis> {
  const { kind, leadsTo, value, url } = binding;
  const exists = value !== undefined && value !== null;
  const seen = { kind, leadsTo, exists, type: typeof value };
  if (!exists) {
    return binding.onlyIn === undefined
      ? { ...seen, causes: MISSING }
      : { ...seen, note: `configured only in: ${binding.onlyIn}` };
  }
  if (url === undefined) {
    return { ...seen, note: "it is there; it was not called" };
  }
  if (!canFetch(value)) {
    return { ...seen, fetchType: "undefined", causes: NO_FETCH };
  }
  return { ...seen, fetchType: "function", ...(await call(value, url)) };
}

async function call(target: Fetchable, url: string): Promise<Outcome> {
  const start = Date.now();
  try {
    // The signal ends the reading of the body as well.
    const response = await target.fetch(url, {
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const latencyMs = Date.now() - start;
    const { status, ok } = response;
    const contentType = response.headers.get("content-type");
    const bodyPreview = await previewOf(response, contentType ?? "");
    const causes = ok ? [] : causesOf(bodyPreview);
    return { latencyMs, status, ok, contentType, bodyPreview, causes };
  } catch (error) {
    return { latencyMs: Date.now() - start, ...explained(error) };
  }
}

function explained(error: unknown): Outcome {
  const { name, message } =
    error instanceof Error ? error : { name: "unknown", message: String(error) };
  const seen = { error: message.slice(0, PREVIEW_LENGTH), errorName: name };
  if (name === "TimeoutError") {
    const note = `no answer within ${TIMEOUT_MS} ms: it hangs, or waits for something itself`;
    return { ...seen, note, causes: [] };
  }
  return { ...seen, causes: causesOf(`${name}: ${message}`) };
}

function causesOf(said: string): Cause[] {
  const known = MESSAGES.find(({ wordings }) =>
    wordings.some((wording) => wording.test(said)),
  );
  return known?.causes ?? [];
}

/** The first characters of a body that is text; the rest is not even read. */
async function previewOf(
  response: Response,
  contentType: string,
): Promise<string> {
  if (response.body === null) {
    return "";
  }
  if (!/^$|^text\/|[/+](?:json|xml)\b/i.test(contentType)) {
    await response.body.cancel();
    return "";
  }
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  let preview = "";
  while (preview.length < PREVIEW_LENGTH) {
    const { done, value } = await reader.read();
    if (done) {
      break;
    }
    preview += decoder.decode(value, { stream: true });
  }
  await reader.cancel();
  return preview.slice(0, PREVIEW_LENGTH);
}

/** A binding is a proxy: it has no keys to look at, but `typeof` tells. */
function canFetch(value: unknown): value is Fetchable {
  return (
    typeof value === "object" &&
    value !== null &&
    "fetch" in value &&
    typeof value.fetch === "function"
  );
}

// wfix:causes
