"""A Worker that calls others has no path that tells whether they answer (opt-in).

A binding can be missing, lead to the wrong Worker or to one that fails, and nothing but a call
shows it. A path that calls each binding and reports what came of it finds that out before people
do.

Said of Workers with a `fetch` of their own whose code knows no path that is called after health,
readiness or diagnosis, and no module of which is. A path that another name goes by is not
recognised.

## Evidence

Reported, as advice, by an article of April 2026 (Rule 5, Example 5).

## Example

```ts
if (url.pathname === "/health/bindings") {
  const api = await env.API.fetch("https://api/health");
  return Response.json({ api: api.ok }, { status: api.ok ? 200 : 503 });
}
```

## By hand

Add such a path, for people and monitoring alone: what it tells may help an attacker.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from codemod.model import (
    Binding,
    BindingKind,
    Deployment,
    Evidence,
    Exports,
    Finding,
    Language,
    Mark,
    Project,
    Related,
    Safety,
    UsageKind,
    Worker,
)

EVIDENCE = Evidence(Mark.REPORTED, "an article of April 2026, Rule 5: advice")
DEFAULT = False
FIXES: tuple[Safety, ...] = ()

NAME = "no-health-check"

_HEALTH = re.compile(
    r"/(?:\w*health\w*|diagnos\w*|live(?:z|ness)?|ready(?:z)?|readiness|ping|status)\b"
)
_CALLS = frozenset({UsageKind.FETCH, UsageKind.RPC})


def check(project: Project) -> Iterator[Finding]:
    for worker in project.in_use:
        if not _answers(worker) or _knows_health(worker):
            continue
        for deployment in worker.deployments:
            called = [each for each in _services(deployment) if _is_called(worker, each)]
            if called:
                yield _finding(worker, deployment, called)


def _answers(worker: Worker) -> bool:
    """Whether requests come to the Worker's own code, all of which can be read."""
    if worker.usages.open:
        return False
    if worker.language is Language.PAGES:
        return True
    default = worker.exports.default if isinstance(worker.exports, Exports) else None
    return default is not None and default.handler("fetch") is not None


def _knows_health(worker: Worker) -> bool:
    known = (*worker.usages.paths, *(f"/{path}" for path in worker.usages.modules))
    return any(_HEALTH.search(path.lower()) for path in known)


def _services(deployment: Deployment) -> tuple[Binding, ...]:
    return deployment.of_kind(BindingKind.SERVICE)


def _is_called(worker: Worker, binding: Binding) -> bool:
    return any(use.kind in _CALLS for use in worker.usages.of(binding.name))


def _finding(worker: Worker, deployment: Deployment, called: list[Binding]) -> Finding:
    names = ", ".join(binding.name for binding in called)
    return Finding(
        rule=NAME,
        worker=worker.name_of(deployment),
        environment=deployment.environment,
        binding=None,
        target=None,
        location=deployment.location,
        message=f"no path of it tells whether the Workers that it calls answer ({names})",
        evidence=EVIDENCE,
        locations=(
            Related("deployment", deployment.location),
            *(Related(f"binding {binding.name}", binding.location) for binding in called),
        ),
    )
