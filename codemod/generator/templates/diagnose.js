// What this Worker is bound to, what comes of calling it, and why where that fails.
//
// Service bindings that take requests are sent one GET each. RPC methods and Durable Objects are
// not called: nobody but you can tell what a call of theirs does.
// wfix:environment

const TIMEOUT_MS = 5000;
const PREVIEW_LENGTH = 200;

/**
 * What a failure may come from; the best founded cause stands first.
 * @typedef {object} Cause
 * @property {string} cause
 * @property {"measured" | "documented" | "reported"} evidence
 * @property {string} advice
 */

/**
 * What came of a call. Other Workers' words are cut off after a short preview.
 * @typedef {object} Outcome
 * @property {number} [latencyMs]
 * @property {number} [status]
 * @property {boolean} [ok]
 * @property {string | null} [contentType]
 * @property {string} [bodyPreview]
 * @property {string} [error]
 * @property {string} [errorName]
 * @property {string} [note]
 * @property {Cause[]} [causes]
 */

/**
 * @typedef {object} Seen
 * @property {"http" | "rpc" | "durable object"} kind
 * @property {string} leadsTo
 * @property {boolean} exists
 * @property {string} type
 * @property {string} [fetchType]
 */

/** @typedef {Seen & Outcome} Diagnosis */

/**
 * @typedef {object} Binding
 * @property {string} name
 * @property {Diagnosis["kind"]} kind
 * @property {string} leadsTo
 * @property {unknown} value
 * @property {string} [url]
 * @property {string} [onlyIn]
 */

/**
 * @typedef {object} Fetchable
 * @property {(input: string, init?: RequestInit) => Promise<Response>} fetch
 */

// wfix:bindings

/**
 * The diagnosis of every binding, by the binding's name.
 * @param {Bindings} env
 * @returns {Promise<Record<string, Diagnosis>>}
 */
export async function diagnoseBindings(env) {
  const diagnoses = await Promise.all(
    bindingsOf(env).map(
      /** @returns {Promise<[string, Diagnosis]>} */
      async (binding) => [binding.name, await diagnose(binding)],
    ),
  );
  return Object.fromEntries(diagnoses);
}

/**
 * The diagnosis as JSON. It tells of other Workers: answer nobody with it whom you do not know.
 * @param {Bindings} env
 * @returns {Promise<Response>}
 */
export async function handleDiagnose(env) {
  return Response.json(await diagnoseBindings(env), {
    headers: { "cache-control": "no-store" },
  });
}

/**
 * @param {Binding} binding
 * @returns {Promise<Diagnosis>}
 */
async function diagnose(binding) {
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

/**
 * @param {Fetchable} target
 * @param {string} url
 * @returns {Promise<Outcome>}
 */
async function call(target, url) {
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

/**
 * @param {unknown} error
 * @returns {Outcome}
 */
function explained(error) {
  const { name, message } =
    error instanceof Error ? error : { name: "unknown", message: String(error) };
  const seen = { error: message.slice(0, PREVIEW_LENGTH), errorName: name };
  if (name === "TimeoutError") {
    const note = `no answer within ${TIMEOUT_MS} ms: it hangs, or waits for something itself`;
    return { ...seen, note, causes: [] };
  }
  return { ...seen, causes: causesOf(`${name}: ${message}`) };
}

/**
 * @param {string} said
 * @returns {Cause[]}
 */
function causesOf(said) {
  const known = MESSAGES.find(({ wordings }) =>
    wordings.some((wording) => wording.test(said)),
  );
  return known?.causes ?? [];
}

/**
 * The first characters of a body that is text; the rest is not even read.
 * @param {Response} response
 * @param {string} contentType
 * @returns {Promise<string>}
 */
async function previewOf(response, contentType) {
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

/**
 * A binding is a proxy: it has no keys to look at, but `typeof` tells.
 * @param {unknown} value
 * @returns {value is Fetchable}
 */
function canFetch(value) {
  return (
    typeof value === "object" &&
    value !== null &&
    "fetch" in value &&
    typeof value.fetch === "function"
  );
}

// wfix:causes
