"""Code fetches or calls over a binding that the Worker's configuration does not declare.

`env.X` is then undefined, and `env.X.fetch()` throws `Cannot read properties of undefined (reading
'fetch')`. Only what can be nothing but a service binding is claimed: `X` is fetched or connected
to, or called where its declared type is `Fetcher`, `Service<…>` or the like.

Nothing is claimed where the code asks whether the binding is there (`if (env.X)`, `env.X?.fetch()`,
`"X" in env`), hands it to something that may ask, sets it itself, or declares it as optional; of
`env.ASSETS`, which frameworks add; of Pages projects, whose bindings may stand in the dashboard;
and of configurations that a build writes. Where another Worker of the repository runs the same code
and declares the binding, it is only told: whether this Worker comes by that code cannot be known.

A binding that some environment declares and another lacks is for `env-drops-binding`.

## Evidence

Measured on workerd 1.20240404 to 1.20261023.

## Example

The code:

```ts
await env.CORE.logUserActivity(userId);
```

Before, the configuration of the Worker has no binding `CORE`. After:

```jsonc
"services": [{ "binding": "CORE", "service": "core" }]
```

## By hand

Declare the binding, in every environment that is deployed, or mend its name in the code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from codemod.model import (
    BindingKind,
    Deployment,
    Evidence,
    Finding,
    Language,
    Mark,
    Project,
    Related,
    Usage,
    UsageKind,
    Worker,
)

EVIDENCE = Evidence(
    Mark.MEASURED,
    "workerd 1.20240404 to 1.20261023: `Cannot read properties of undefined (reading 'fetch')`",
)
DEFAULT = True

NAME = "undeclared-binding"

_SERVICE_TYPE = re.compile(r"\b(?:Fetcher|Service|ServiceStub|RpcStub)\b")
_OF_FETCHERS = frozenset({UsageKind.FETCH, UsageKind.CONNECT})
_CALLS = _OF_FETCHERS | {UsageKind.RPC}
_ASKING = frozenset({UsageKind.COMPARED, UsageKind.PASSED_ON})
_GIVEN_BY_FRAMEWORKS = frozenset({"ASSETS"})
_BINDING_NAME = re.compile(r"[A-Z][A-Z0-9_]*")


def check(project: Project) -> Iterator[Finding]:
    for worker in project.workers:
        if worker.language is not Language.JAVASCRIPT or worker.shadowed_by or worker.generated:
            continue
        for calls in _undeclared(worker).values():
            sharing = _sharing(project, worker, calls)
            for deployment in worker.deployments:
                if not runs_other_code(worker, deployment):
                    yield _finding(worker, deployment, calls, sharing)


def declared_names(deployment: Deployment) -> set[str]:
    """The properties that ``env`` has in a deployment, whatever their kind."""
    return {
        *(each.name for each in deployment.bindings if each.kind is not BindingKind.TAIL_CONSUMER),
        *(each.name for each in deployment.variables),
        *(each.name for each in deployment.other_bindings),
    }


def is_asked_for(worker: Worker, binding: str) -> bool:
    """Whether the code, or its type, reckons with it that the binding may not be there."""
    if any(use.kind in _ASKING for use in worker.usages.of(binding)):
        return True
    return any(
        declared.optional or "undefined" in declared.type
        for declared in worker.usages.declared_types
        if declared.binding == binding
    )


def runs_other_code(worker: Worker, deployment: Deployment) -> bool:
    """Whether a deployment names a module of its own, which is not the one that was read."""
    own = deployment.location
    return deployment.environment is not None and any(
        gap.location is not None
        and gap.location.path == own.path
        and own.span.start <= gap.location.span.start < own.span.end
        for gap in worker.usages.open
    )


def _undeclared(worker: Worker) -> dict[str, list[Usage]]:
    """The calls over bindings that no deployment declares, by the bindings' names."""
    declared = set().union(*map(declared_names, worker.deployments)) | _GIVEN_BY_FRAMEWORKS
    found: dict[str, list[Usage]] = {}
    for use in worker.usages.uses:
        if use.kind in _CALLS and use.binding not in declared:
            found.setdefault(use.binding, []).append(use)
    return {name: calls for name, calls in found.items() if _is_service(worker, name, calls)}


def _is_service(worker: Worker, name: str, calls: list[Usage]) -> bool:
    """Whether all that the code shows of ``env.<name>`` is a service binding that has to be there.

    Strings have methods, too, and so have the bindings of all other kinds.
    """
    if is_asked_for(worker, name):
        return False
    if any(not is_alone(worker, use) for use in calls):
        return False
    types = [item.type for item in worker.usages.declared_types if item.binding == name]
    if types:
        return all(_SERVICE_TYPE.search(declared) for declared in types)
    is_called = _BINDING_NAME.fullmatch(name) is not None
    return is_called and all(use.kind in _OF_FETCHERS for use in calls)


def is_alone(worker: Worker, use: Usage) -> bool:
    """Whether what is used at a place is one binding, not one of several that are chosen from."""
    return not worker.usages.others_at(use)


def _sharing(project: Project, worker: Worker, calls: list[Usage]) -> Worker | None:
    """Another Worker that runs one of the calls, and declares the binding."""
    name = calls[0].binding
    places = {call.location for call in calls}
    for other in project.workers:
        if other is worker or not any(name in declared_names(each) for each in other.deployments):
            continue
        if not places.isdisjoint(use.location for use in other.usages.of(name)):
            return other
    return None


def _finding(
    worker: Worker, deployment: Deployment, calls: list[Usage], sharing: Worker | None
) -> Finding:
    name, first = calls[0].binding, calls[0]
    method = "connect" if first.kind is UsageKind.CONNECT else first.method or "fetch"
    skipped = None
    if sharing is not None:
        skipped = (
            f"{sharing.config_path} declares it for the same code: whether this Worker comes by "
            "the call cannot be told"
        )
    return Finding(
        rule=NAME,
        worker=worker.name_of(deployment),
        environment=deployment.environment,
        binding=name,
        target=None,
        location=first.location,
        message=(
            f"{name}: {worker.config_path} declares no such binding, so that the call throws "
            f"`Cannot read properties of undefined (reading '{method}')`"
        ),
        evidence=EVIDENCE,
        locations=(
            Related("configuration", deployment.location),
            *(Related(f"{name} is {_VERBS[use.kind]}", use.location) for use in calls),
            *(
                Related(f"type of {name}", item.location)
                for item in worker.usages.declared_types
                if item.binding == name
            ),
        ),
        skipped=skipped,
    )


_VERBS = {
    UsageKind.FETCH: "fetched",
    UsageKind.CONNECT: "connected to",
    UsageKind.RPC: "called over RPC",
}
