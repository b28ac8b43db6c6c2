"""A service binding that the Worker's code does not use.

It keeps the Worker from being deployed before its target, and lets whoever changes the code call
another Worker without a trace in a review of the configuration. A type that mentions the binding is
no use of it.

Said only where all of the code can be seen: nothing reads the environment under a computed name,
hands it on as a whole, or stands in a module that cannot be read. A configuration that is for
tests, by its path or that of its module, is left alone: the tests may use what it binds.

## Evidence

Documented by the code of the repository itself: no use of the binding is in it.

## Example

Before, where nothing in the code mentions `env.LEGACY`:

```jsonc
"services": [
  { "binding": "AUTH", "service": "auth" },
  { "binding": "LEGACY", "service": "legacy-api" }
]
```

After:

```jsonc
"services": [
  { "binding": "AUTH", "service": "auth" }
]
```

## By hand

Remove the binding, in every environment, and run `wrangler types`. Look at the tests before: what
`env` of `cloudflare:test` gives them comes from the same configuration.
"""

from __future__ import annotations

from collections.abc import Iterator

from codemod.model import (
    Binding,
    BindingKind,
    Deployment,
    Evidence,
    Finding,
    Mark,
    Project,
    Related,
    Safety,
    Worker,
)
from codemod.rules.durable_object_without_lifecycle import is_for_tests
from codemod.rules.undeclared_binding import runs_other_code

EVIDENCE = Evidence(Mark.DOCUMENTED, "the repository's own code, in which no use is seen")
DEFAULT = False
FIXES: tuple[Safety, ...] = ()

NAME = "unused-binding"


def check(project: Project) -> Iterator[Finding]:
    for worker, deployment, binding in project.bindings_in_use(BindingKind.SERVICE):
        if worker.usages.open or not worker.usages.modules or is_for_tests(worker):
            continue
        if not worker.usages.of(binding.name) and not runs_other_code(worker, deployment):
            yield _finding(worker, deployment, binding)


def _finding(worker: Worker, deployment: Deployment, binding: Binding) -> Finding:
    types = (item for item in worker.usages.declared_types if item.binding == binding.name)
    return Finding(
        rule=NAME,
        worker=worker.name_of(deployment),
        environment=deployment.environment,
        binding=binding.name,
        target=binding.service,
        location=binding.location,
        message=f"{binding.name}: bound to {binding.service}, and not used by the code",
        evidence=EVIDENCE,
        locations=(
            Related("binding", binding.location),
            *(Related("only its type", item.location) for item in types),
        ),
    )
