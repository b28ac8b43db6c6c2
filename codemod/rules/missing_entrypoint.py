"""A binding names an entrypoint that its target does not export, or that is none.

`"entrypoint": "X"` leads to the export `X` of the target, which has to be a WorkerEntrypoint class
or an object with handlers. Where there is no such export, the Workers do not start: `refers to
service … with a named entrypoint "X", but … has no such named entrypoint`. A type of that name is
gone at run time and does not count. Where the export is a Durable Object class, a class that
extends nothing or a function, which the runtime takes for a Durable Object class as well, the
Workers start and every call is an internal error.

`"entrypoint": "default"` is only looked at where the target has no default export at all; see
`default-entrypoint-in-dev` for the others. A Workflow class serves, as its base is one that the
runtime knows: its methods can be called.

## Evidence

Measured on workerd 1.20240404 to 1.20261117. `wrangler deploy --dry-run` notices nothing.

## Example

The target exports `class Admin extends WorkerEntrypoint`. Before:

```jsonc
{ "binding": "ADMIN", "service": "shop", "entrypoint": "Admins" }
```

After:

```jsonc
{ "binding": "ADMIN", "service": "shop", "entrypoint": "Admin" }
```

The repair is unsafe, and made for an entrypoint of almost that name alone: but for the letters'
case or a slip of the pen.

## By hand

Name one of the entrypoints that the finding lists, or leave the key out to reach the default
export. Where the export is there and is no entrypoint, let its class extend WorkerEntrypoint; a
Durable Object is reached through a binding under `durable_objects`.
"""

from __future__ import annotations

from collections.abc import Iterator

from codemod.model import (
    Binding,
    BindingKind,
    Deployment,
    Evidence,
    Export,
    ExportKind,
    Finding,
    Mark,
    Project,
    Related,
    Safety,
    Unknown,
    Worker,
)
from codemod.rules.default_entrypoint_in_dev import DEFAULT_ENTRYPOINT

EVIDENCE = Evidence(
    Mark.MEASURED,
    "workerd 1.20240404 to 1.20261117: Workers bound so do not start, or every call is an "
    "internal error",
)
DEFAULT = True
FIXES: tuple[Safety, ...] = (Safety.UNSAFE,)

NAME = "missing-entrypoint"
ENTRYPOINT_KINDS = frozenset({ExportKind.OBJECT, ExportKind.WORKER_ENTRYPOINT, ExportKind.WORKFLOW})
"""The exports that a service binding can lead to (measured)."""

OTHER_KINDS = {
    ExportKind.CLASS: "a class that extends no WorkerEntrypoint",
    ExportKind.DURABLE_OBJECT: "a Durable Object class",
    ExportKind.FUNCTION: "a function",
    ExportKind.RPC_TARGET: "an RpcTarget class",
    ExportKind.VALUE: "neither a class nor an object",
}
"""The exports that it cannot lead to, in words."""


def check(project: Project) -> Iterator[Finding]:
    for worker, deployment, binding in project.bindings_in_use(BindingKind.SERVICE):
        if not binding.entrypoint:
            continue
        export = export_of(project, binding)
        if binding.entrypoint == DEFAULT_ENTRYPOINT and export is not None:
            continue
        if isinstance(export, Export) and export.kind in ENTRYPOINT_KINDS:
            continue
        yield _finding(worker, deployment, binding, export)


def export_of(project: Project, binding: Binding) -> Export | Unknown | None:
    """What a service binding leads to: the export of its target that it names, or the default.

    None where the target exports no such thing at run time; ``Unknown`` where that cannot be told.
    """
    if isinstance(binding.target, Unknown):
        return binding.target
    resolved = project.resolve(binding.target)
    if resolved is None:
        return Unknown("the target is not among the Workers read")
    exports = resolved[0].exports
    if isinstance(exports, Unknown):
        return exports
    export = exports.get(binding.entrypoint or DEFAULT_ENTRYPOINT)
    if export is None and exports.open:
        return exports.open[0]
    return export


def _finding(
    worker: Worker, deployment: Deployment, binding: Binding, export: Export | Unknown | None
) -> Finding:
    skipped = None
    claim = f"{binding.service} exports no {binding.entrypoint}"
    if isinstance(export, Unknown):
        claim = f"cannot tell whether {binding.service} exports {binding.entrypoint}"
        skipped = export.reason
    elif export and export.kind is ExportKind.UNKNOWN:
        claim = f"cannot tell whether {export.name} of {binding.service} is an entrypoint"
        skipped = export.because
    elif export:
        claim = f"{export.name} of {binding.service} is {OTHER_KINDS[export.kind]}, no entrypoint"
    elif binding.entrypoint == DEFAULT_ENTRYPOINT:
        claim = f'"entrypoint": "default", and {binding.service} has no default export'
    return Finding(
        rule=NAME,
        worker=worker.name_of(deployment),
        environment=deployment.environment,
        binding=binding.name,
        target=binding.service,
        location=binding.location,
        message=f"{binding.name}: {claim}",
        evidence=EVIDENCE,
        locations=tuple(_places(worker, binding, export)),
        skipped=skipped,
    )


def _places(worker: Worker, binding: Binding, export: Export | Unknown | None) -> Iterator[Related]:
    yield Related("binding", binding.location)
    if binding.entrypoint_location:
        yield Related("entrypoint", binding.entrypoint_location)
    if isinstance(export, Export):
        yield Related(f"export {export.name}", export.location)
        for step in export.via:
            yield Related(f"export of {export.name}", step)
    for use in worker.usages.of(binding.name):
        yield Related(f"{binding.name} is used", use.location)
