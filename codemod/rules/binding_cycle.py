"""Workers are bound to each other in a circle.

Neither of two Workers that are bound to each other can be deployed first to an empty account: a
binding needs its target. And a request that goes round the circle ends at the limit of calls
between Workers.

Service bindings, Durable Objects and Workflows of other Workers count. A Worker that is bound to
itself does not, nor one that is for tests, by the path of its configuration or of its module. There
is one finding for each circle, with the way round. Where circles share bindings, as many are told
as it takes to name every binding that lies in one.

## Evidence

Documented: the target of a service binding has to be deployed before it is bound, and a request may
pass through 32 Workers.

## Example

Before:

```jsonc
// a/wrangler.jsonc
{ "name": "a", "services": [{ "binding": "B", "service": "b" }] }
// b/wrangler.jsonc
{ "name": "b", "services": [{ "binding": "A", "service": "a" }] }
```

After, where `b` gets what it needs of `a` with the call:

```jsonc
// b/wrangler.jsonc
{ "name": "b" }
```

## By hand

Move what both need into a third Worker, or hand it over with the call. To deploy a circle that has
to stay, deploy one of its Workers without the binding first.
"""

from __future__ import annotations

from collections.abc import Iterator

from codemod.model import (
    Binding,
    BindingKind,
    Deployment,
    DeploymentRef,
    Evidence,
    Finding,
    Mark,
    Project,
    Related,
    Safety,
    Worker,
)
from codemod.rules.durable_object_without_lifecycle import is_for_tests

EVIDENCE = Evidence(
    Mark.DOCUMENTED, "Cloudflare's documentation of service bindings and of the limits of Workers"
)
DEFAULT = False
FIXES: tuple[Safety, ...] = ()

NAME = "binding-cycle"

_KINDS = (BindingKind.SERVICE, BindingKind.DURABLE_OBJECT, BindingKind.WORKFLOW)

_Bindings = dict[DeploymentRef, dict[DeploymentRef, Binding]]
"""For each deployment those that it is bound to, each with the first binding that leads there."""


def check(project: Project) -> Iterator[Finding]:
    bindings = _bindings(project)
    told: set[tuple[DeploymentRef, DeploymentRef]] = set()
    for start, targets in bindings.items():
        for target in targets:
            circle = [] if (start, target) in told else _circle(bindings, start, target)
            if circle:
                told.update(zip(circle, [*circle[1:], start], strict=True))
                yield _finding(project, bindings, circle)


def _bindings(project: Project) -> _Bindings:
    found: _Bindings = {}
    for kind in _KINDS:
        for worker, deployment, binding in project.bindings_in_use(kind):
            target = binding.target
            if not isinstance(target, DeploymentRef) or is_for_tests(worker):
                continue
            if target.config_path != worker.config_path:
                here = DeploymentRef(worker.config_path, deployment.environment)
                found.setdefault(here, {}).setdefault(target, binding)
    return found


def _circle(bindings: _Bindings, start: DeploymentRef, first: DeploymentRef) -> list[DeploymentRef]:
    """The shortest way from ``start`` over ``first`` and back, without its end; empty for none."""
    came_from = {first: start}
    pending = [first]
    for here in pending:
        for target in bindings.get(here, ()):
            if target == start:
                return _way(came_from, start, here)
            if target not in came_from:
                came_from[target] = here
                pending.append(target)
    return []


def _way(
    came_from: dict[DeploymentRef, DeploymentRef], start: DeploymentRef, end: DeploymentRef
) -> list[DeploymentRef]:
    way = [end]
    while way[-1] != start:
        way.append(came_from[way[-1]])
    return way[::-1]


def _finding(project: Project, bindings: _Bindings, circle: list[DeploymentRef]) -> Finding:
    names = [worker.name_of(deployment) for worker, deployment in _resolved(project, circle)]
    steps = [
        bindings[here][target]
        for here, target in zip(circle, [*circle[1:], circle[0]], strict=True)
    ]
    return Finding(
        rule=NAME,
        worker=names[0],
        environment=circle[0].environment,
        binding=steps[0].name,
        target=steps[0].service,
        location=steps[0].location,
        message=f"bound in a circle: {' -> '.join([*names, names[0]])}",
        evidence=EVIDENCE,
        locations=tuple(
            Related(f"{name} binds {step.service} as {step.name}", step.location)
            for name, step in zip(names, steps, strict=True)
        ),
    )


def _resolved(project: Project, circle: list[DeploymentRef]) -> Iterator[tuple[Worker, Deployment]]:
    yield from filter(None, map(project.resolve, circle))
