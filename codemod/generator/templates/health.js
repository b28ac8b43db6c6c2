// Whether the Workers answer that this one is bound to.
//
// A binding is up if its target answers in time, with whatever status below 500: that it has no
// such path (404) or lets nobody in (401) is an answer. RPC methods and Durable Objects are not
// called; they count as present.
// wfix:environment

const TIMEOUT_MS = 5000;
const MESSAGE_LENGTH = 200;

/**
 * @typedef {object} Health
 * @property {"up" | "down" | "present" | "not configured here"} status
 * @property {number} [httpStatus]
 * @property {string} [error]
 * @property {number} [latencyMs]
 */

/** @typedef {{ name: string } & Health} BindingHealth */

/**
 * @typedef {object} Binding
 * @property {string} name
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
 * 200 where no binding is down, else 503; the body says which.
 * @param {Bindings} env
 * @returns {Promise<Response>}
 */
export async function bindingHealth(env) {
  const bindings = await Promise.all(bindingsOf(env).map(check));
  const healthy = bindings.every(({ status }) => status !== "down");
  return Response.json(
    { healthy, bindings },
    {
      status: healthy ? 200 : 503,
      headers: { "cache-control": "no-store" },
    },
  );
}

/**
 * @param {Binding} binding
 * @returns {Promise<BindingHealth>}
 */
async function check(binding) {
  const { name, value, url } = binding;
  if (value === undefined || value === null) {
    return binding.onlyIn === undefined
      ? { name, status: "down", error: "the binding is not configured" }
      : { name, status: "not configured here" };
  }
  if (url === undefined) {
    return { name, status: "present" };
  }
  if (!canFetch(value)) {
    return { name, status: "down", error: "the binding has no fetch" };
  }
  return { name, ...(await call(value, url)) };
}

/**
 * @param {Fetchable} target
 * @param {string} url
 * @returns {Promise<Health>}
 */
async function call(target, url) {
  const start = Date.now();
  try {
    const response = await target.fetch(url, {
      redirect: "manual",
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const latencyMs = Date.now() - start;
    await response.body?.cancel();
    const httpStatus = response.status;
    return { status: httpStatus < 500 ? "up" : "down", httpStatus, latencyMs };
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return {
      status: "down",
      error: message.slice(0, MESSAGE_LENGTH),
      latencyMs: Date.now() - start,
    };
  }
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
