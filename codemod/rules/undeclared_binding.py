"""Code fetches or calls over a binding that the Worker's configuration does not declare.

`env.X` is then undefined, and `env.X.fetch()` throws `Cannot read properties of undefined (reading
'fetch')`. Only what can be nothing but a service binding is claimed: `X` is fetched or connected
to; its declared type is `Fetcher`, `Service<…>` or the like; or what is called on it are methods of
a WorkerEntrypoint class of this repository, and not those of databases, queues or strings.

Nothing is claimed where the code asks whether the binding is there (`if (env.X)`, `env.X?.fetch()`,
`"X" in env`), hands it to something that may ask, sets it itself, or declares it as optional; of
`env.ASSETS`, which frameworks add; of Pages projects, whose bindings may stand in the dashboard;
and of configurations that a build writes. Where another Worker of the repository runs the same code
and declares the binding, it is only told: whether this Worker comes by that code cannot be known.
So it is where every call stands in a `try` with a `catch`, which may be there for it.

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
from collections.abc import Collection, Iterator

from codemod.model import (
    BindingKind,
    Deployment,
    Evidence,
    ExportKind,
    Exports,
    Finding,
    Language,
    Mark,
    Project,
    Related,
    Safety,
    Usage,
    UsageKind,
    Worker,
)

EVIDENCE = Evidence(
    Mark.MEASURED,
    "workerd 1.20240404 to 1.20261023: `Cannot read properties of undefined (reading 'fetch')`",
)
DEFAULT = True
FIXES: tuple[Safety, ...] = ()

NAME = "undeclared-binding"

_SERVICE_TYPE = re.compile(r"\b(?:Fetcher|Service|ServiceStub|RpcStub)\b")
_OF_FETCHERS = frozenset({UsageKind.FETCH, UsageKind.CONNECT})
_CALLS = _OF_FETCHERS | {UsageKind.RPC}
_ASKING = frozenset({UsageKind.COMPARED, UsageKind.PASSED_ON})
_METHODS_OF_OTHERS = frozenset().union(
    # strings
    {"charAt", "charCodeAt", "endsWith", "includes", "indexOf", "match", "replace", "slice"},
    {"split", "startsWith", "substring", "toLowerCase", "toString", "toUpperCase", "trim"},
    # KV and R2
    {"createMultipartUpload", "delete", "get", "getWithMetadata", "head", "list", "put"},
    # D1 and Vectorize
    {"batch", "describe", "dump", "exec", "prepare", "withSession"},
    {"deleteByIds", "getByIds", "insert", "query", "upsert"},
    # namespaces of Durable Objects, dispatch namespaces, loaders, Workflows
    {"create", "createBatch", "getByName", "idFromName", "idFromString", "load", "newUniqueId"},
    # queues, email, AI, images, rate limits, analytics
    {"autorag", "gateway", "info", "input", "limit", "models", "run", "send", "sendBatch"},
    {"transform", "writeDataPoint"},
)
_GIVEN_BY_FRAMEWORKS = frozenset({"ASSETS"})
_BINDING_NAME = re.compile(r"[A-Z][A-Z0-9_]*")


def check(project: Project) -> Iterator[Finding]:
    entrypoints = tuple(_methods_of_entrypoints(project))
    for worker in project.in_use:
        if worker.language is not Language.JAVASCRIPT or worker.generated:
            continue
        for calls in _undeclared(worker, entrypoints):
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


def _methods_of_entrypoints(project: Project) -> Iterator[frozenset[str]]:
    """What can be called on each WorkerEntrypoint class of the project."""
    for worker in project.workers:
        if isinstance(worker.exports, Exports):
            for export in filter(None, (worker.exports.default, *worker.exports.named)):
                if export.kind is ExportKind.WORKER_ENTRYPOINT:
                    yield frozenset(member.name for member in export.members)


def _undeclared(worker: Worker, entrypoints: Collection[frozenset[str]]) -> Iterator[list[Usage]]:
    """The calls over bindings that no deployment declares, those of one name together."""
    declared = set().union(*map(declared_names, worker.deployments)) | _GIVEN_BY_FRAMEWORKS
    found: dict[str, list[Usage]] = {}
    for use in worker.usages.uses:
        if use.kind in _CALLS and use.binding not in declared:
            found.setdefault(use.binding, []).append(use)
    for name, calls in found.items():
        is_known = not is_asked_for(worker, name) and all(is_alone(worker, use) for use in calls)
        if is_known and _is_service(worker, calls, entrypoints):
            yield calls


def _is_service(
    worker: Worker, calls: list[Usage], entrypoints: Collection[frozenset[str]]
) -> bool:
    """Whether all that the code shows of a binding is that of a service."""
    methods = {use.method for use in calls if use.method is not None}
    if not methods <= _METHODS_OF_OTHERS and any(methods <= each for each in entrypoints):
        return True
    name = calls[0].binding
    types = [item.type for item in worker.usages.declared_types if item.binding == name]
    if types:
        return all(_SERVICE_TYPE.search(declared) for declared in types)
    return _BINDING_NAME.fullmatch(name) is not None and not methods


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
    name = calls[0].binding
    first = next((call for call in calls if not call.is_caught), calls[0])
    method = "connect" if first.kind is UsageKind.CONNECT else first.method or "fetch"
    skipped = None
    if sharing is not None:
        skipped = (
            f"{sharing.config_path} declares it for the same code: whether this Worker comes by "
            "the call cannot be told"
        )
    elif first.is_caught:
        skipped = "a catch around the call may be there for it"
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
