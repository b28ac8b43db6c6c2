"""A Request is passed over a service binding after its body has been read.

The body of a Request can be read once. Where code reads it, or sends the Request somewhere else,
and then calls `env.X.fetch(request)` with the same Request, that throws `Cannot reconstruct a
Request with a used body.` as soon as there is a body. A Request without one, as of a GET, is
forwarded all the same.

Said only where the body has been read on every way to the call, and by code in the same function.

## Evidence

Measured on workerd 1.20240404 to 1.20261023; the article of April 2026 shows the remedy (Example
4).

## Example

Before:

```ts
const order = await request.json();
return env.ORDERS.fetch(request);
```

After:

```ts
const order = await request.clone().json();
return env.ORDERS.fetch(request);
```

## By hand

Read a clone, or build a new Request for the binding out of what was read. A clone holds in memory
what one of the two has not read yet: for large bodies the second is better.
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
    Usage,
    UsageKind,
)

EVIDENCE = Evidence(
    Mark.MEASURED,
    "workerd 1.20240404 to 1.20261023: `Cannot reconstruct a Request with a used body.`",
)
DEFAULT = False
FIXES: tuple[Safety, ...] = (Safety.SAFE,)

NAME = "forwarded-body"


def check(project: Project) -> Iterator[Finding]:
    seen: set[Location] = set()
    for worker, deployment, binding in project.bindings_in_use(BindingKind.SERVICE):
        for use in worker.usages.of(binding.name):
            if use.kind is not UsageKind.FETCH or not use.body_reads or use.location in seen:
                continue
            seen.add(use.location)
            yield Finding(
                rule=NAME,
                worker=worker.name_of(deployment),
                environment=deployment.environment,
                binding=binding.name,
                target=binding.service,
                location=use.location,
                message=(
                    f"{binding.name}: is fetched with a Request whose body has been read (line "
                    f"{use.body_reads[0].line}): it throws where there is a body"
                ),
                evidence=EVIDENCE,
                locations=tuple(_places(use)),
            )


def _places(use: Usage) -> Iterator[Related]:
    yield Related("fetch", use.location)
    for read in use.body_reads:
        yield Related("the body is read", read)
