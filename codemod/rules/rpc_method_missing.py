"""A method is called over a binding that the target's entrypoint does not have.

Over RPC, the methods and getters of a WorkerEntrypoint class can be called, those that it inherits
and those whose names begin with `_` included, and its handlers but for `fetch` and `connect`. Not
its static and `#private` members, and not what each instance has of its own, as an arrow function
that is assigned to a property. Of an exported object it is the other way round: its own functions
can be called, and not those of the class that it is an instance of. Everything else throws `The RPC
receiver does not implement the method "m".`; a few names are reserved for the runtime.

Nothing is claimed where the members are not all known: the class extends one of a package, has
computed names, the object spreads another one.

## Evidence

Measured on workerd 1.20240404 to 1.20261117; of exported instances on 1.20240404 to 1.20261023.

## Example

The caller makes the call `env.MAIL.send("…")`. Before, in the target:

```ts
export default class Mail extends WorkerEntrypoint<Env> {
  send = async (text: string) => { … };
}
```

After, by hand:

```ts
export default class Mail extends WorkerEntrypoint<Env> {
  async send(text: string) { … }
}
```

## By hand

Write the function as a method of the class, or call one that is there. There is no repair: which of
the two is meant, the code does not say.
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
    Worker,
)
from codemod.rules.missing_entrypoint import ENTRYPOINT_KINDS, export_of
from codemod.rules.rpc_compatibility import goes_over_rpc
from codemod.spelling import hint

EVIDENCE = Evidence(
    Mark.MEASURED,
    'workerd 1.20240404 to 1.20261117: `The RPC receiver does not implement the method "m"`',
)
DEFAULT = True
FIXES: tuple[Safety, ...] = ()

NAME = "rpc-method-missing"
_CALLABLE = frozenset({MethodKind.METHOD, MethodKind.GETTER})
_RESERVED = frozenset({"alarm", "dup", "webSocketClose", "webSocketError", "webSocketMessage"})
_WHY = {
    MethodKind.PROPERTY: "it is a property of each instance, or a setter, and no method",
    MethodKind.STATIC: "it is static",
    MethodKind.PRIVATE: "it is #private",
    MethodKind.INHERITED: "it is a method of its class and not its own",
}


def check(project: Project) -> Iterator[Finding]:
    for worker, deployment, binding in project.bindings_in_use(BindingKind.SERVICE):
        export = export_of(project, binding)
        if export is None or _is_broken(export):
            continue
        calls = [use for use in worker.usages.of(binding.name) if goes_over_rpc(deployment, use)]
        unknown = _unknown(export)
        if unknown:
            yield from _check_unknown(worker, deployment, binding, export, calls, unknown)
        elif isinstance(export, Export):
            yield from _check_known(worker, deployment, binding, export, calls)


def _is_broken(export: Export | Unknown) -> bool:
    """Whether no call of an export is answered at all, which other rules tell."""
    if isinstance(export, Unknown) or export.kind is ExportKind.UNKNOWN:
        return False
    return export.kind not in ENTRYPOINT_KINDS or export.form is ExportForm.SERVICE_WORKER


def reason(export: Export, use: Usage) -> str | None:
    """Why the method that is used is not to be had of ``export``, None where it may be."""
    if use.method in _RESERVED:
        return "it is a name that the runtime reserves"
    if export.open_members or _has(export, use):
        return None
    kinds = _kinds(export, use)
    return next((why for kind, why in _WHY.items() if kind in kinds), "there is none")


def _kinds(export: Export, use: Usage) -> set[MethodKind]:
    return {member.kind for member in export.members if member.name == use.method}


def _has(export: Export, use: Usage) -> bool:
    """Whether a member is there to be called, or of an object to be read."""
    kinds = _kinds(export, use)
    if export.kind is not ExportKind.OBJECT:
        return not kinds.isdisjoint(_CALLABLE)
    if not kinds:
        return export.handler(use.method or "") is not None
    return not kinds.isdisjoint(_CALLABLE | {MethodKind.PROPERTY})


def _unknown(export: Export | Unknown) -> str | None:
    if isinstance(export, Unknown):
        return export.reason
    if export.kind is ExportKind.UNKNOWN:
        return f"its export {export.name}: {export.because}"
    if export.open_members:
        return f"its export {export.name}: {export.open_members.reason}"
    return None


def _check_unknown(
    worker: Worker,
    deployment: Deployment,
    binding: Binding,
    export: Export | Unknown,
    calls: list[Usage],
    why: str,
) -> Iterator[Finding]:
    unsure = [use for use in calls if isinstance(export, Unknown) or not _has(export, use)]
    if unsure:
        names = ", ".join(dict.fromkeys(str(use.method) for use in unsure))
        claim = f"cannot tell whether {binding.service} has what is called over RPC: {names}"
        yield _finding(worker, deployment, binding, export, unsure, claim, skipped=why)


def _check_known(
    worker: Worker, deployment: Deployment, binding: Binding, export: Export, calls: list[Usage]
) -> Iterator[Finding]:
    missing: dict[str, list[Usage]] = {}
    for use in calls:
        if reason(export, use):
            missing.setdefault(str(use.method), []).append(use)
    for method, uses in missing.items():
        claim = (
            f"{method} cannot be called over RPC: in {_described(export)} of {binding.service} "
            f"{reason(export, uses[0])}{_hint(export, method)}"
        )
        sure = [use for use in uses if not worker.usages.others_at(use)]
        others = ", ".join(worker.usages.others_at(uses[0]))
        skipped = None if sure else f"the call may be of {others} as well"
        yield _finding(worker, deployment, binding, export, sure or uses, claim, skipped=skipped)


def _described(export: Export) -> str:
    what = "object" if export.kind is ExportKind.OBJECT else "class"
    name = export.local_name or export.name
    return f"the default {what}" if export.name == "default" else f"the {what} {name}"


def _hint(export: Export, method: str) -> str:
    names = [member.name for member in export.members if member.kind in _CALLABLE]
    return hint(method, names)


def _finding(
    worker: Worker,
    deployment: Deployment,
    binding: Binding,
    export: Export | Unknown,
    uses: list[Usage],
    claim: str,
    skipped: str | None,
) -> Finding:
    return Finding(
        rule=NAME,
        worker=worker.name_of(deployment),
        environment=deployment.environment,
        binding=binding.name,
        target=binding.service,
        location=uses[0].location,
        message=f"{binding.name}: {claim}",
        evidence=EVIDENCE,
        locations=tuple(_places(binding, export, uses)),
        skipped=skipped,
    )


def _places(binding: Binding, export: Export | Unknown, uses: list[Usage]) -> Iterator[Related]:
    for use in uses:
        yield Related(f"{use.method} of {binding.name} is called", use.location)
    yield Related("binding", binding.location)
    if isinstance(export, Unknown):
        return
    yield Related(f"export {export.name}", export.location)
    for step in export.via:
        yield Related(f"export of {export.name}", step)
    for member in export.members:
        if member.name == uses[0].method:
            yield Related(f"{member.kind} {member.name}", member.location)
