"""A plain service binding is fetched without saying which entrypoint is meant.

The article's Rule 4 and its Example 1 give every HTTP binding `"entrypoint": "default"`, also
those whose target exports no class today, so that a class that is added later does no harm.
`--defensive` selects this rule together with the strategy `entrypoint`.

Under `wrangler dev` the key is measured to fail, so the fix is unsafe wherever something shows
that the Workers run together locally. Bindings that `poisoned-binding` speaks about are left to
it, and so are targets whose default export is a WorkerEntrypoint class or cannot be known.

## Evidence

Reported, as advice, by an article of April 2026 (Rule 4, Example 1).

## Example

Before:

```jsonc
{ "binding": "AUTH", "service": "auth-worker" }
```

After:

```jsonc
{ "binding": "AUTH", "service": "auth-worker", "entrypoint": "default" }
```

## By hand

Add the key to each binding that is fetched.
"""

from __future__ import annotations

from collections.abc import Iterator

from codemod.model import (
    BindingKind,
    Evidence,
    ExportKind,
    Finding,
    Mark,
    Project,
    Related,
    Safety,
    UsageKind,
    Worker,
)
from codemod.rules import poisoned_binding

EVIDENCE = Evidence(Mark.REPORTED, "an article of April 2026, Rule 4 and Example 1: advice")
DEFAULT = False
FIXES: tuple[Safety, ...] = (Safety.SAFE, Safety.UNSAFE)

NAME = "bare-binding"


def check(project: Project) -> Iterator[Finding]:
    for worker, deployment, binding in project.bindings_in_use(BindingKind.SERVICE):
        if binding.entrypoint:
            continue
        fetches = [use for use in worker.usages.of(binding.name) if use.kind is UsageKind.FETCH]
        resolved = project.resolve(binding.target)
        if not fetches or not resolved or not _is_plain_object(resolved[0]):
            continue
        judgement = poisoned_binding.judge(project, binding)
        if judgement.shape is not poisoned_binding.Shape.CLEAN:
            continue
        yield Finding(
            rule=NAME,
            worker=worker.name_of(deployment),
            environment=deployment.environment,
            binding=binding.name,
            target=binding.service,
            location=binding.location,
            message=f"{binding.name}: fetched without naming an entrypoint of {binding.service}",
            evidence=EVIDENCE,
            locations=(
                Related("binding", binding.location),
                *(Related(f"{binding.name} is fetched", use.location) for use in fetches),
            ),
        )


def _is_plain_object(target: Worker) -> bool:
    default = target.default_export
    return default is not None and default.kind is ExportKind.OBJECT
