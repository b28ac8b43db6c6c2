"""Code lists the keys of a service binding, which are none.

A binding is a proxy: `Object.keys(env.X)` gives an empty array whatever the target offers, and
`typeof env.X.anything` is `"function"` whether there is such a method or not. Code that looks at a
binding so learns nothing about it.

## Evidence

Measured on workerd 1.20240404 to 1.20261023; an anti-pattern of the article of April 2026.

## Example

Before, always `[]`:

```ts
const offered = Object.keys(env.API);
```

After, whether the binding is there and answers:

```ts
const isBound = env.API !== undefined;
const answer = await env.API.fetch("https://api/health");
```

## By hand

Compare the binding with `undefined` to see whether it is configured, and call it to see whether it
answers.
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
)

EVIDENCE = Evidence(
    Mark.MEASURED, "workerd 1.20240404 to 1.20261023: the keys of a binding are an empty array"
)
DEFAULT = False
FIXES: tuple[Safety, ...] = ()

NAME = "binding-keys"


def check(project: Project) -> Iterator[Finding]:
    seen: set[Location] = set()
    for worker, deployment, binding in project.bindings_in_use(BindingKind.SERVICE):
        for read in worker.usages.keys_read:
            if read.binding != binding.name or read.location in seen:
                continue
            seen.add(read.location)
            yield Finding(
                rule=NAME,
                worker=worker.name_of(deployment),
                environment=deployment.environment,
                binding=binding.name,
                target=binding.service,
                location=read.location,
                message=f"{binding.name}: {read.function} of a binding gives none, always",
                evidence=EVIDENCE,
                locations=(
                    Related("keys", read.location),
                    Related("binding", binding.location),
                ),
            )
