"""An environment lacks a service binding that the top level has and the code uses.

Environments inherit no bindings: what `services` at the top level gives is undefined in every
environment that does not repeat it, and `env.X.fetch()` throws `Cannot read properties of undefined
(reading 'fetch')`. wrangler warns where an environment has no `services` at all, and says nothing
where it has some of them.

Nothing is claimed where the environment gives the name to a binding of another kind or runs a
module of its own, and where the code or its types reckon with it that the binding is not there.

## Evidence

Measured on workerd 1.20240404 to 1.20261023; that bindings are not inherited is documented.

## Example

Before:

```jsonc
"services": [{ "binding": "AUTH", "service": "auth" }],
"env": {
  "staging": {
    "vars": { "LEVEL": "debug" }
  }
}
```

After, where the Worker `auth` has an environment `staging`, too:

```jsonc
"services": [{ "binding": "AUTH", "service": "auth" }],
"env": {
  "staging": {
    "vars": { "LEVEL": "debug" },
    "services": [{ "binding": "AUTH", "service": "auth-staging" }]
  }
}
```

The repair copies the binding with all that it says, and leads to the target's environment of the
same name, or where it has none, to the same Worker as the top level does. Whether that is meant is
for a person to say, so that it is unsafe. Bindings that one environment lacks are added together.

## By hand

Repeat the binding in the environment. Where it is left out on purpose, let the code ask for it:
`if (env.AUTH)`.
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
    UsageKind,
    Worker,
)
from codemod.rules.undeclared_binding import declared_names, is_asked_for, runs_other_code

EVIDENCE = Evidence(
    Mark.MEASURED,
    "workerd 1.20240404 to 1.20261023: `Cannot read properties of undefined (reading 'fetch')`",
)
DEFAULT = True
FIXES: tuple[Safety, ...] = (Safety.UNSAFE,)

NAME = "env-drops-binding"


def check(project: Project) -> Iterator[Finding]:
    for worker in project.in_use:
        for deployment in worker.deployments:
            if not runs_other_code(worker, deployment):
                for binding in dropped(worker, deployment):
                    yield from _check_binding(worker, deployment, binding)


def dropped(worker: Worker, deployment: Deployment) -> tuple[Binding, ...]:
    """The service bindings of the top level whose names an environment does not have."""
    top = worker.deployment(None)
    if top is None or deployment.environment is None:
        return ()
    names = declared_names(deployment)
    return tuple(each for each in top.of_kind(BindingKind.SERVICE) if each.name not in names)


def is_needed(worker: Worker, binding: Binding) -> bool:
    """Whether the code uses the binding, and does not reckon with it that it is not there."""
    return bool(worker.usages.of(binding.name)) and not is_asked_for(worker, binding.name)


def _check_binding(worker: Worker, deployment: Deployment, binding: Binding) -> Iterator[Finding]:
    if is_needed(worker, binding):
        yield _finding(worker, deployment, binding, None)
    elif worker.usages.open and not worker.usages.of(binding.name):
        reason = f"whether the code uses it cannot be told: {worker.usages.open[0].reason}"
        yield _finding(worker, deployment, binding, reason)


def _finding(
    worker: Worker, deployment: Deployment, binding: Binding, skipped: str | None
) -> Finding:
    return Finding(
        rule=NAME,
        worker=worker.name_of(deployment),
        environment=deployment.environment,
        binding=binding.name,
        target=binding.service,
        location=deployment.location,
        message=(
            f"{binding.name}: bound to {binding.service} at the top level, and not in "
            f"env.{deployment.environment}, which inherits no bindings: undefined there"
        ),
        evidence=EVIDENCE,
        locations=(
            Related(f"env.{deployment.environment}", deployment.location),
            Related("binding at the top level", binding.location),
            *(
                Related(f"{binding.name} is {_VERBS[use.kind]}", use.location)
                for use in worker.usages.of(binding.name)
            ),
        ),
        skipped=skipped,
    )


_VERBS = {
    UsageKind.FETCH: "fetched",
    UsageKind.CONNECT: "connected to",
    UsageKind.RPC: "called over RPC",
    UsageKind.PASSED_ON: "passed on",
    UsageKind.COMPARED: "asked for",
}
