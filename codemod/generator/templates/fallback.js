// Calls over a service binding that go to a Custom Domain of the target where the binding fails.
//
// The second way is taken where the binding is not configured, throws, gives nothing in time, or
// answers 502, 503 or 504. Any other answer counts, 404 and 500 included. A method that must not
// be repeated (POST, PATCH) takes it only where the binding is not configured, so that nothing
// has been sent yet, or where `anyMethod` allows it.
//
// The second way is the public Internet: whoever knows the domain can send what you send, so the
// target has to know its callers there. Addresses on workers.dev are never used: Workers of one
// account do not reach each other there (error 1042).
// wfix:environment

const TIMEOUT_MS = 10000;
const REPEATABLE = ["DELETE", "GET", "HEAD", "OPTIONS", "PUT"];
const UNAVAILABLE = [502, 503, 504];

/**
 * `timeoutMs` is how long each of the two ways may take until its answer begins. `anyMethod`
 * repeats POST and PATCH too: for targets that take the same request twice without harm.
 * @typedef {object} FallbackOptions
 * @property {number} [timeoutMs]
 * @property {boolean} [anyMethod]
 */

/**
 * The two ways to a target. `domain` is an https address of its own, a path before it included.
 * @typedef {object} Ways
 * @property {string} name
 * @property {unknown} binding
 * @property {unknown} domain
 */

/**
 * @typedef {object} Fetchable
 * @property {(input: Request, init?: RequestInit) => Promise<Response>} fetch
 */

// wfix:functions

/**
 * The answer to `request` from the first way that gives one; 502 where none does.
 * @param {Ways} ways
 * @param {Request} request
 * @param {FallbackOptions} [options]
 * @returns {Promise<Response>}
 */
export async function fetchWithFallback(
  { name, binding, domain },
  request,
  { timeoutMs = TIMEOUT_MS, anyMethod = false } = {},
) {
  const address = addressOn(name, domain, request.url);
  const mayRepeat = anyMethod || REPEATABLE.includes(request.method);
  if (canFetch(binding)) {
    const isLast = address === undefined || !mayRepeat;
    // A body can be read once: what may be sent again is kept.
    const first = isLast ? request : request.clone();
    const answer = await sent(name, request, timeoutMs, (signal) =>
      binding.fetch(first, { signal }),
    );
    if (answer && (isLast || !UNAVAILABLE.includes(answer.status))) {
      if (!isLast) {
        request.body?.cancel().catch(() => undefined);
      }
      return answer;
    }
    if (isLast) {
      return unanswered(name);
    }
    await answer?.body?.cancel();
  }
  if (address === undefined) {
    return unanswered(name);
  }
  const answer = await sent(`${name} at its domain`, request, timeoutMs, (signal) =>
    fetch(new Request(address, request), { signal }),
  );
  return answer ?? unanswered(name);
}

/**
 * The answer of one way, or nothing; a caller that gave up ends both.
 * @param {string} way
 * @param {Request} request
 * @param {number} timeoutMs
 * @param {(signal: AbortSignal) => Promise<Response>} send
 * @returns {Promise<Response | undefined>}
 */
async function sent(way, request, timeoutMs, send) {
  // AbortSignal.timeout() would cut off a body that takes longer: the time is for its beginning.
  const late = new AbortController();
  const timer = setTimeout(() => {
    late.abort(new Error(`no answer within ${timeoutMs} ms`));
  }, timeoutMs);
  try {
    return await send(AbortSignal.any([request.signal, late.signal]));
  } catch (error) {
    if (request.signal.aborted) {
      throw error;
    }
    console.warn(`${way} failed:`, error instanceof Error ? error.message : error);
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}

/**
 * @param {string} name
 * @returns {Response}
 */
function unanswered(name) {
  return Response.json(
    { error: `no way to ${name} gave an answer` },
    { status: 502 },
  );
}

/**
 * A request for `input`, a path of the target or a Request, as the binding takes it.
 * @param {string} host
 * @param {Request | string} input
 * @param {RequestInit} [init]
 * @returns {Request}
 */
function requestFor(host, input, init) {
  return typeof input === "string"
    ? new Request(new URL(input, host).href, init)
    : new Request(input, init);
}

/**
 * The address of the same path on the target's own domain.
 * @param {string} name
 * @param {unknown} domain
 * @param {string} url
 * @returns {string | undefined}
 */
function addressOn(name, domain, url) {
  if (typeof domain !== "string" || domain === "") {
    return undefined;
  }
  const { pathname, search } = new URL(url);
  try {
    const address = new URL(domain);
    if (address.protocol === "https:" && !/(?:^|\.)workers\.dev\.?$/.test(address.hostname)) {
      address.pathname = address.pathname.replace(/\/$/, "") + pathname;
      address.search = search;
      return address.href;
    }
  } catch {
    // Told below, as what is no such address.
  }
  console.warn(`the domain of ${name} is not used: expected https:// and no workers.dev`);
  return undefined;
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
