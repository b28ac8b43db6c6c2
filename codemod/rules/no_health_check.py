"""A Worker that calls others has no path that tells whether they answer.

A binding can be missing, lead to the wrong Worker or to one that fails, and nothing but a call
shows it. A path that calls each binding and reports what came of it finds that out before people
do.

Said once of a Worker with a `fetch` of its own that calls other Workers, where no path in its code,
and no module of it, is called after health, readiness or diagnosis. A path that another name goes
by is not recognised. Left alone is a Worker that people and monitoring have no way to
(`"workers_dev": false`, and no routes), and one that is for tests or examples, by its path.

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

Add such a path, for people and monitoring alone: what it tells may help an attacker. `wfix add
health` writes one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from codemod.model import (
    Binding,
    BindingKind,
    DeploymentRef,
    Evidence,
    Finding,
    Language,
    Location,
    Mark,
    Project,
    Related,
    Safety,
    UsageKind,
    Worker,
)
from codemod.rules.no_custom_domain import has_fetch, is_public

EVIDENCE = Evidence(Mark.REPORTED, "an article of April 2026, Rule 5: advice")
DEFAULT = False
FIXES: tuple[Safety, ...] = ()

NAME = "no-health-check"

_HEALTH = re.compile(
    r"/(?:[\w-]*health\w*|diagnos\w*|heartbeat|alive|live(?:z|ness)?|ready(?:z)?|readiness|ping"
    r"|status)\b"
)
_CALLS = frozenset({UsageKind.FETCH, UsageKind.RPC})


def check(project: Project) -> Iterator[Finding]:
    seen: set[Location] = set()
    for worker in project.in_use:
        if not _answers(worker) or _knows_health(worker):
            continue
        called = tuple(_called(worker))
        if called and (place := _place(worker, called)) not in seen:
            seen.add(place)
            yield _finding(worker, place, called)


def _answers(worker: Worker) -> bool:
    """Whether requests come to the Worker's own code, all of which can be read."""
    if worker.usages.open:
        return False
    return worker.language is Language.PAGES or has_fetch(worker)


def _knows_health(worker: Worker) -> bool:
    known = (*worker.usages.paths, *(f"/{path}" for path in worker.usages.modules))
    return any(_HEALTH.search(path.lower()) for path in known)


def _called(worker: Worker) -> Iterator[Binding]:
    """The bindings to other Workers that the code calls, in every deployment with an address."""
    for deployment in worker.deployments:
        if is_public(worker, deployment):
            for binding in deployment.of_kind(BindingKind.SERVICE):
                if not _is_its_own(worker, binding) and any(_calls(worker, binding)):
                    yield binding


def _is_its_own(worker: Worker, binding: Binding) -> bool:
    target = binding.target
    return isinstance(target, DeploymentRef) and target.config_path == worker.config_path


def _calls(worker: Worker, binding: Binding) -> Iterator[Location]:
    return (use.location for use in worker.usages.of(binding.name) if use.kind in _CALLS)


def _place(worker: Worker, called: tuple[Binding, ...]) -> Location:
    """Where the path would stand: the ``fetch`` or the app; in Pages Functions the first call."""
    default = worker.default_export
    if default is None:
        return next(_calls(worker, called[0]))
    handler = default.handler("fetch")
    return handler.location if handler else default.location


def _finding(worker: Worker, place: Location, called: tuple[Binding, ...]) -> Finding:
    names = ", ".join(dict.fromkeys(binding.name for binding in called))
    return Finding(
        rule=NAME,
        worker=worker.name or worker.config_path,
        environment=None,
        binding=None,
        target=None,
        location=place,
        message=f"no path here tells whether the Workers that it calls answer ({names})",
        evidence=EVIDENCE,
        locations=(
            Related("requests come in here", place),
            *(Related(f"binding {binding.name}", binding.location) for binding in called),
        ),
    )
