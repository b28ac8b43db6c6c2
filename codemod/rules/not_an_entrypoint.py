"""A binding is used whose target's export cannot answer it.

A binding without `entrypoint` leads to its target's default export. Of these, none answers:

- a class that does not extend WorkerEntrypoint, a Durable Object class, or a function: the runtime
  takes all three for Durable Object classes (its log says `Exported actor class as default
  entrypoint. This doesn't work…`);
- no default export at all;
- a module in the service worker format, when it is called over RPC. Its `fetch` works.

Every RPC to them is an internal error. A `fetch` goes past the target to the host of its URL, as if
there were no binding; where no such host is, that is an internal error too.

An object or class without `fetch`, which the binding leads to by name or as the default, throws
`Handler does not export a fetch() function.` where it is fetched.

An instance of a class (`export default new App()`) and a WorkflowEntrypoint class work. Nothing is
claimed of the `fetch` of a Worker that has static assets, since these may answer in its place.

## Evidence

Measured on workerd 1.20240404 to 1.20261117.

## Example

Before, in the target:

```ts
export default class Shop {
  async fetch(request: Request): Promise<Response> { … }
}
```

After:

```ts
import { WorkerEntrypoint } from "cloudflare:workers";

export default class Shop extends WorkerEntrypoint {
  async fetch(request: Request): Promise<Response> { … }
}
```

The repair is made where it is proved that nothing else is made of the class and no handler needs
its `env` and `ctx` parameters. It is unsafe where the class has methods beside its handlers that no
caller uses, since every bound Worker can call them then.

## By hand

Export an object with a `fetch`, or a class that extends WorkerEntrypoint, whose handlers read
`this.env` and `this.ctx`. A Durable Object is reached through a binding under `durable_objects`.
"""

from __future__ import annotations

from collections.abc import Iterator

from codemod.model import (
    Binding,
    BindingKind,
    Deployment,
    Evidence,
    Export,
    ExportForm,
    ExportKind,
    Finding,
    Mark,
    MethodKind,
    Project,
    Related,
    Safety,
    Unknown,
    Usage,
    UsageKind,
    Worker,
)
from codemod.rules.default_entrypoint_in_dev import DEFAULT_ENTRYPOINT
from codemod.rules.missing_entrypoint import ENTRYPOINT_KINDS, export_of

EVIDENCE = Evidence(
    Mark.MEASURED,
    "workerd 1.20240404 to 1.20261117: an internal error, a request that goes to the Internet, or "
    "`Handler does not export a fetch() function.`",
)
DEFAULT = True
FIXES: tuple[Safety, ...] = (Safety.SAFE, Safety.UNSAFE)

NAME = "not-an-entrypoint"
_USES = {
    UsageKind.FETCH: "fetched",
    UsageKind.RPC: "called over RPC",
    UsageKind.CONNECT: "connected to",
    UsageKind.PASSED_ON: "passed on",
}
_KINDS = {
    ExportKind.CLASS: "is a class that extends no WorkerEntrypoint",
    ExportKind.DURABLE_OBJECT: "is a Durable Object class",
    ExportKind.FUNCTION: "is a function",
    ExportKind.RPC_TARGET: "is an RpcTarget class",
    ExportKind.VALUE: "is neither a class nor an object",
}
_EVERY = frozenset(_USES)
_FETCH = frozenset({UsageKind.FETCH})
_RPC = frozenset({UsageKind.RPC})


def check(project: Project) -> Iterator[Finding]:
    for worker, deployment, binding in project.bindings_in_use(BindingKind.SERVICE):
        if binding.entrypoint == DEFAULT_ENTRYPOINT:
            continue
        export = export_of(project, binding)
        if isinstance(export, Unknown):
            continue
        for fault, kinds in _faults(project, binding, export):
            uses = [
                use
                for use in worker.usages.of(binding.name)
                if use.kind in kinds and not worker.usages.others_at(use)
            ]
            if uses:
                yield _finding(worker, deployment, binding, export, fault, uses)


def _faults(
    project: Project, binding: Binding, export: Export | None
) -> Iterator[tuple[str, frozenset[UsageKind]]]:
    """What is wrong with an export, and the uses that fail by it.

    What is no entrypoint though a binding names it is the rule `missing-entrypoint`'s.
    """
    resolved = project.resolve(binding.target)
    uses = _EVERY - _FETCH if resolved and resolved[1].has_assets else _EVERY
    named = f"{binding.entrypoint} of" if binding.entrypoint else "the default export of"
    if export is None or export.kind in _KINDS:
        if binding.entrypoint:
            return
        if export is None:
            yield f"{binding.service} has no default export", uses
        else:
            yield f"{named} {binding.service} {_KINDS[export.kind]}", uses
    elif export.form is ExportForm.SERVICE_WORKER:
        yield f"{binding.service} is a service worker, which takes no RPC", _RPC
    elif _lacks_fetch(export):
        yield f"{named} {binding.service} has no fetch{_instead(export)}", uses & _FETCH


def _lacks_fetch(export: Export) -> bool:
    if export.kind not in ENTRYPOINT_KINDS or export.form is ExportForm.APP:
        return False
    return export.open_members is None and export.handler("fetch") is None


def _instead(export: Export) -> str:
    kinds = {member.kind for member in export.members if member.name == "fetch"}
    if MethodKind.STATIC in kinds:
        return " but a static one"
    return " but a #private one" if MethodKind.PRIVATE in kinds else ""


def _finding(
    worker: Worker,
    deployment: Deployment,
    binding: Binding,
    export: Export | None,
    fault: str,
    uses: list[Usage],
) -> Finding:
    used = " and ".join(dict.fromkeys(_USES[use.kind] for use in uses))
    return Finding(
        rule=NAME,
        worker=worker.name_of(deployment),
        environment=deployment.environment,
        binding=binding.name,
        target=binding.service,
        location=binding.location,
        message=f"{binding.name} is {used}, and {fault}",
        evidence=EVIDENCE,
        locations=tuple(_places(binding, export, uses)),
    )


def _places(binding: Binding, export: Export | None, uses: list[Usage]) -> Iterator[Related]:
    yield Related("binding", binding.location)
    for use in uses:
        yield Related(f"{binding.name} is {_USES[use.kind]}", use.location)
    if export:
        yield Related(f"export {export.name}", export.location)
        for step in export.via:
            yield Related(f"export of {export.name}", step)
