"""A service binding is fetched with nothing to end a call that takes too long.

A target that hangs keeps its caller waiting, and whoever called that. A `fetch` takes a signal,
over a binding too: `AbortSignal.timeout(5000)` makes it throw a `TimeoutError` after five seconds.

Said only where the call spells out its options, or has none; a Request or options from elsewhere
may bring a signal, and a `Promise.race` ends the waiting as well.

## Evidence

Reported, as an anti-pattern, by an article of April 2026. That a binding's `fetch` minds the signal
is measured on workerd 1.20240404 to 1.20261023.

## Example

Before:

```ts
const blurb = await env.APIMOM.fetch("https://api-mom/v1/blurbs");
```

After:

```ts
const blurb = await env.APIMOM.fetch("https://api-mom/v1/blurbs", {
  signal: AbortSignal.timeout(5000),
});
```

## By hand

Add a signal to the calls that people wait for. How long is right only you can tell, so wfix adds
none. It ends the reading of the body, too: where that is a stream which may go on, such as
server-sent events, abort a controller by a timer that is cleared once there is a response.
"""

from __future__ import annotations

from collections.abc import Iterator

from codemod.model import (
    BindingKind,
    Evidence,
    Finding,
    Location,
    Mark,
    Project,
    Related,
    Safety,
    UsageKind,
)

EVIDENCE = Evidence(
    Mark.REPORTED,
    "an article of April 2026, its anti-patterns: advice; that a signal ends the call is measured",
)
DEFAULT = False
FIXES: tuple[Safety, ...] = ()

NAME = "binding-without-timeout"


def check(project: Project) -> Iterator[Finding]:
    seen: set[Location] = set()
    for worker, deployment, binding in project.bindings_in_use(BindingKind.SERVICE):
        for use in worker.usages.of(binding.name):
            is_open = use.kind is UsageKind.FETCH and use.has_signal is False
            if not is_open or use.location in seen:
                continue
            seen.add(use.location)
            yield Finding(
                rule=NAME,
                worker=worker.name_of(deployment),
                environment=deployment.environment,
                binding=binding.name,
                target=binding.service,
                location=use.location,
                message=f"{binding.name}: is fetched without a signal that ends a call which hangs",
                evidence=EVIDENCE,
                locations=(Related("fetch", use.location), Related("binding", binding.location)),
            )
