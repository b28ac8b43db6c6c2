"""A Durable Object namespace is fetched as if it were a Worker.

A binding of `durable_objects` is a namespace: it gives stubs, by `get` or `getByName`, and only
these have `fetch`. `env.ROOMS.fetch()` throws `env.ROOMS.fetch is not a function`.

The binding's kind is read from the configuration of each environment. Nothing is claimed of a call
that may be of several bindings, or where another Worker runs the same code with a service binding
of that name: such code looks at what it is given.

## Evidence

Measured on workerd 1.20240404 to 1.20261023.

## Example

Before:

```ts
return env.ROOMS.fetch(request);
```

After:

```ts
return env.ROOMS.getByName("lobby").fetch(request);
```

## By hand

Take a stub by name or by id; which object is meant, only the author knows. Runtimes before the
middle of 2025 have no `getByName`: `env.ROOMS.get(env.ROOMS.idFromName("lobby"))` does the same.
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
    Usage,
    UsageKind,
    Worker,
)
from codemod.rules.undeclared_binding import is_alone, runs_other_code

EVIDENCE = Evidence(
    Mark.MEASURED, "workerd 1.20240404 to 1.20261023: `env.ROOMS.fetch is not a function`"
)
DEFAULT = True
FIXES: tuple[Safety, ...] = ()

NAME = "fetch-on-namespace"


def check(project: Project) -> Iterator[Finding]:
    for worker, deployment, binding in project.bindings_in_use(BindingKind.DURABLE_OBJECT):
        if runs_other_code(worker, deployment):
            continue
        uses = worker.usages.of(binding.name)
        if any(use.kind is UsageKind.COMPARED for use in uses):
            # Code that asks what the binding is may well keep the call from a namespace.
            continue
        fetches = [use for use in uses if use.kind is UsageKind.FETCH and is_alone(worker, use)]
        if fetches and not _is_service_elsewhere(project, binding.name, fetches):
            yield _finding(worker, deployment, binding, fetches)


def _is_service_elsewhere(project: Project, name: str, fetches: list[Usage]) -> bool:
    """Whether some deployment that runs one of the fetches has a service under the name."""
    places = {fetch.location for fetch in fetches}
    return any(
        not places.isdisjoint(use.location for use in worker.usages.of(name))
        for worker, _, binding in project.bindings(BindingKind.SERVICE)
        if binding.name == name
    )


def _finding(
    worker: Worker, deployment: Deployment, binding: Binding, fetches: list[Usage]
) -> Finding:
    name = binding.name
    return Finding(
        rule=NAME,
        worker=worker.name_of(deployment),
        environment=deployment.environment,
        binding=name,
        target=binding.service,
        location=fetches[0].location,
        message=(
            f"{name}: a Durable Object namespace has no fetch, so that the call throws "
            f"`env.{name}.fetch is not a function`; its stubs have one: env.{name}.getByName(…)"
        ),
        evidence=EVIDENCE,
        locations=(
            Related("binding", binding.location),
            *(Related(f"{name} is fetched", fetch.location) for fetch in fetches),
        ),
    )
