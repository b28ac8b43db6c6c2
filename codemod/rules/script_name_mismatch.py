"""A Durable Object binding names a Worker that does not export the class.

`script_name` is the deployed name of the Worker that has the class, with its environment where it
has any. When that Worker lacks the class, the Workers do not start together under `wrangler dev`:
`refers to a Durable Object namespace named … in service …, but no such Durable Object namespace is
defined by that service`. A deploy is refused.

A `script_name` that no Worker of the repository has is judged as `unknown-service` judges services:
it is held to be wrong only where something shows that its Worker should be here.

## Evidence

Measured on workerd 1.20240404 to 1.20261023 and with wrangler 4.164.0; the refusal is error 10061
of Cloudflare's API, reported.

## Example

Before, where `session-worker` exports `SessionStore`:

```jsonc
{ "name": "SESSIONS", "class_name": "Sessions", "script_name": "session-worker" }
```

After:

```jsonc
{ "name": "SESSIONS", "class_name": "SessionStore", "script_name": "session-worker" }
```

## By hand

Mend the class or the name, or export the class from the module of the Worker that is named. For a
class of the Worker's own leave `script_name` out.
"""

from __future__ import annotations

from collections.abc import Iterator

from codemod.model import (
    Binding,
    BindingKind,
    Deployment,
    Evidence,
    ExportKind,
    Exports,
    Finding,
    Mark,
    Project,
    Related,
    Safety,
    Worker,
)
from codemod.rules.durable_object_not_exported import fault_of, places_of_class
from codemod.rules.unknown_service import EMPTY, Names

EVIDENCE = Evidence(
    Mark.MEASURED,
    "workerd 1.20240404 to 1.20261023: the Workers do not start, `no such Durable Object namespace "
    "is defined by that service`",
)
DEFAULT = True
FIXES: tuple[Safety, ...] = ()

NAME = "script-name-mismatch"


def check(project: Project) -> Iterator[Finding]:
    names = Names(project)
    for worker, deployment, binding in project.bindings_in_use(BindingKind.DURABLE_OBJECT):
        if binding.service is None:
            continue
        resolved = project.resolve(binding.target)
        if resolved is not None:
            yield from _mismatch(project, worker, deployment, binding, resolved[0])
        elif binding.service_environment is None and binding.service not in names:
            yield _unknown(names, worker, deployment, binding)


def _mismatch(
    project: Project, worker: Worker, deployment: Deployment, binding: Binding, target: Worker
) -> Iterator[Finding]:
    fault = fault_of(target, deployment, binding)
    if fault is None:
        return
    owners = _owners(project, binding)
    hint = f"; {' and '.join(owners)} exports it" if owners else ""
    where = "this Worker itself" if target is worker else binding.service
    yield _finding(
        worker,
        deployment,
        binding,
        f"script_name is {where}, but {fault}{hint}",
        tuple(places_of_class(target, binding)),
    )


def _owners(project: Project, binding: Binding) -> list[str]:
    """The Workers that export a Durable Object class of the name."""
    return [
        worker.name or worker.config_path
        for worker in project.workers
        if isinstance(worker.exports, Exports)
        and (export := worker.exports.get(binding.class_name or ""))
        and export.kind is ExportKind.DURABLE_OBJECT
    ]


def _unknown(names: Names, worker: Worker, deployment: Deployment, binding: Binding) -> Finding:
    hint = names.hint(binding.service or "", deployment)
    claim = f"no Worker here is deployed as {binding.service or EMPTY}"
    if hint is None:
        reason = "it may live elsewhere; list it under external-services in wfix.toml if it does"
        return _finding(worker, deployment, binding, claim, (), reason)
    place = Related(f"{hint.name} is deployed from here", hint.location)
    return _finding(worker, deployment, binding, f"{claim}; {hint.sentence}", (place,))


def _finding(
    worker: Worker,
    deployment: Deployment,
    binding: Binding,
    claim: str,
    places: tuple[Related, ...],
    skipped: str | None = None,
) -> Finding:
    own = [Related("binding", binding.location)]
    if binding.service_location is not None:
        own.append(Related("script_name", binding.service_location))
    return Finding(
        rule=NAME,
        worker=worker.name_of(deployment),
        environment=deployment.environment,
        binding=binding.name,
        target=binding.service,
        location=binding.location,
        message=f"{binding.name}: {claim}",
        evidence=EVIDENCE,
        locations=(*own, *places),
        skipped=skipped,
    )
