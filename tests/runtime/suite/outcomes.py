"""What calls come to, in words: the module that makes them, and the reading of what it reports."""

from __future__ import annotations

import json
import re

from suite.cases import Case, Kind

NOT_STARTED = "does not start:"
MARK = "outcomes: "
CALLER_MODULE = """
const CALLS = [
  {calls}
];

async function outcome(call, env, ctx) {
  try {
    const given = await call(env, ctx);
    if (given instanceof Response) return `${given.status} ${await given.text()}`.trim();
    return JSON.stringify(given) ?? String(given);
  } catch (error) {
    return `throws ${error}`;
  }
}

async function outcomes(env, ctx) {
  const found = [];
  for (const call of CALLS) found.push(await outcome(call, env, ctx));
  return found;
}
"""
TESTED = """
export default {
  async test(controller, env, ctx) {
    console.log("{mark}" + JSON.stringify(await outcomes(env, ctx)));
  },
};
"""
FETCHED = """
export default {
  async fetch(request, env, ctx) {
    return Response.json(await outcomes(env, ctx));
  },
};
"""
FUNCTION = """
export async function onRequest({ env }) {
  return Response.json(await outcomes(env));
}
"""
# Apart from each other: releases of 2024 find no test in an object that is fetched as well.
ENTRIES = {Kind.WORKERD: TESTED, Kind.PAGES: FUNCTION}


def caller_module(case: Case, kind: Kind) -> str:
    """The module of the caller, for where it runs."""
    calls = ",\n  ".join(f"async (env, ctx) => ({call.does})" for call in case.calls)
    entry = ENTRIES.get(kind, FETCHED).replace("{mark}", MARK)
    return CALLER_MODULE.replace("{calls}", calls) + entry


def read_outcomes(output: str) -> list[str] | None:
    """The outcomes that a tested caller printed; None where it never came to that."""
    for line in output.splitlines():
        if line.startswith(MARK):
            return [tidy(outcome) for outcome in json.loads(line.removeprefix(MARK))]
    return None


def tidy(text: str) -> str:
    """A text without what differs from one run to the next."""
    text = re.sub(r"; reference = \w+", "", text)
    text = re.sub(r'"latencyMs":\d+', '"latencyMs":…', text)
    return " ".join(text.split())
